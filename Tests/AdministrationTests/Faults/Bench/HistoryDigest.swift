import Base
import Cryptography
import Database

@testable import Administration

/// The digest of a history's rows, doubled ones counted twice: what two histories are compared by.
enum HistoryDigest {
  /// - Parameter imports: whose rows do not count.
  static func of(excluding imports: [Int64] = [-1], on connection: Connection) throws -> Digest256 {
    var text = ""
    for table in ReleaseSchema(.newest, .history).tables where HistoryTables.all.contains(table.name) {
      var sum = DigestSum()
      var hasher = SHA256Hasher()
      var block = RowBlock(kinds: table.kinds)
      let unrevised: SQL = table.columnNames.contains("revision") ? " AND revision = 0" : ""
      var rows = try connection.stream(
        """
        SELECT \(identifiers: table.columnNames) FROM \(identifier: table.name)
        WHERE import_id NOT IN \(list: imports) \(fragment: unrevised)
        """, table.kinds)
      while try rows.read(into: &block, rows: 20_000) {
        for index in 0..<block.count { sum.add(hasher.digest(of: block.bytes(of: index))) }
      }
      text += "\(table.name) \(sum)\n"
    }
    return sha256(Array(text.utf8))
  }
}
