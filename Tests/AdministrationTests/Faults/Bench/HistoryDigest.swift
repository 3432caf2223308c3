import Base
import Cryptography
import Database

@testable import Administration

/// The digest of a history's rows, doubled ones counted twice: what two histories are compared by.
enum HistoryDigest {
  /// - Parameters:
  ///   - imports: whose rows do not count.
  ///   - columns: that do not count.
  static func of(
    excluding imports: [Int64] = [-1], besides columns: Set<String> = [], on connection: Connection
  ) throws -> Digest256 {
    var text = ""
    for table in ReleaseSchema(.newest, .history).tables where HistoryTables.all.contains(table.name) {
      var sum = DigestSum()
      var hasher = SHA256Hasher()
      let counted = table.columns.filter { !columns.contains($0.name) }
      var block = RowBlock(kinds: counted.map(\.kind))
      let unrevised: SQL = table.columnNames.contains("revision") ? " AND revision = 0" : ""
      var rows = try connection.stream(
        """
        SELECT \(identifiers: counted.map(\.name)) FROM \(identifier: table.name)
        WHERE import_id NOT IN \(list: imports) \(fragment: unrevised)
        """, counted.map(\.kind))
      while try rows.read(into: &block, rows: 20_000) {
        for index in 0..<block.count { sum.add(hasher.digest(of: block.bytes(of: index))) }
      }
      text += "\(table.name) \(sum)\n"
    }
    return sha256(Array(text.utf8))
  }
}
