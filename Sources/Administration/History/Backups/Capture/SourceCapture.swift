internal import Base
internal import Cryptography
internal import Database
internal import Transfer

/// Copies the tables of a source that no program here can dump, one behind ODBC, into a SQLite database of the same
/// release.
///
/// One reader reads all in one unchanging picture, since several cannot share one over ODBC. What the copy holds is
/// read back and compared, by digests of the rows as the driver gave them. Tables that are none of the release's stay
/// behind.
struct SourceCapture {
  let subject: String
  let source: Connection
  /// Called with the table that is read and its rows so far; what it throws ends the capture.
  let tell: (_ table: String, _ rows: Int) throws -> Void

  /// How many rows or bytes are read before they are written.
  private static let rows = 10_000
  private static let bytes = 4 << 20

  /// Writes the copy to a file that must not exist. Blocks.
  func write(to path: String) throws {
    try source.transaction(.readOnlySnapshot) {
      let identity = try DatabaseIdentity.read(from: source)
      let schema = ReleaseSchema(identity.release, identity.type)
      try SchemaDrift.read(from: source, as: identity).refuseMissing()
      let copy = try Connection.open(.sqlite(path: path), options: .create)
      // A copy that a crash leaves incomplete is made again. Old rows may refer to ones that are gone.
      _ = try copy.setJournalMode(.memory)
      try copy.setSynchronous(.off)
      try copy.setForeignKeys(false)
      for statement in schema.tableStatements(for: .sqlite) { try copy.execute(SQL(unsafeSQL: statement)) }
      let keys = try copy.catalogue()
      for table in schema.tables {
        let read = try carry(table, orderedBy: keys[table.name]?.primaryKey ?? [], into: copy)
        guard try held(table, in: copy) == read else { throw differs(table) }
      }
      for statement in schema.keyStatements(for: .sqlite) + schema.indexStatements(for: .sqlite) {
        try copy.execute(SQL(unsafeSQL: statement))
      }
      _ = try copy.setJournalMode(.delete)
      try copy.close()
    }
  }

  /// - Returns: the sum of the rows' digests as they came.
  private func carry(
    _ table: SchemaTable, orderedBy key: [String], into copy: Connection
  ) throws -> DigestSum {
    // In the order of the key, so that the copy's pages are filled one after the other.
    let order: SQL = key.isEmpty ? "" : " ORDER BY \(identifiers: key)"
    var stream = try source.stream(
      "SELECT \(identifiers: table.columnNames) FROM \(identifier: table.name)\(fragment: order)", table.kinds)
    var block = RowBlock(kinds: table.kinds)
    var sum = DigestSum()
    var hasher = SHA256Hasher()
    try tell(table.name, 0)
    try copy.begin(.immediate)
    while try stream.read(into: &block, rows: SourceCapture.rows, bytes: SourceCapture.bytes) {
      for row in 0..<block.count { sum.add(hasher.digest(of: block.bytes(of: row))) }
      try copy.insert(
        into: TableName(table.name), columns: table.columnNames, rows: block, range: 0..<block.count)
      try tell(table.name, Int(sum.count))
    }
    try copy.commit()
    return sum
  }

  private func held(_ table: SchemaTable, in copy: Connection) throws -> DigestSum {
    var stream = try copy.stream(
      "SELECT \(identifiers: table.columnNames) FROM \(identifier: table.name)", table.kinds)
    var block = RowBlock(kinds: table.kinds)
    var sum = DigestSum()
    var hasher = SHA256Hasher()
    while try stream.read(into: &block, rows: SourceCapture.rows, bytes: SourceCapture.bytes) {
      for row in 0..<block.count { sum.add(hasher.digest(of: block.bytes(of: row))) }
    }
    return sum
  }

  private func differs(_ table: SchemaTable) -> AdministrationError {
    AdministrationError(
      .unusable, doing: "copy \(subject)",
      reason: "the copy of table \(table.name) holds other rows than were read",
      advice: "look at the disk of the run's folder, then: locktender resume")
  }
}
