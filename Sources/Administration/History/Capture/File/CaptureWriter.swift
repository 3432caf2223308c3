internal import Base
internal import Database
internal import Migration

/// Writes a capture from a log's records.
struct CaptureWriter: ~Copyable {
  private let connection: Connection
  private var block = RowBlock(kinds: CaptureFile.columns.map(\.kind))
  private let names = CaptureFile.columns.map(\.name)
  private var rolledBack = Set<[UInt8]>()

  /// - Parameter path: where no file may stand.
  init(_ path: String) throws { self.init(try CaptureWriter.create(path)) }

  private init(_ connection: Connection) { self.connection = connection }

  private static func create(_ path: String) throws -> Connection {
    let connection = try Connection.open(.sqlite(path: path), options: .create)
    // Whatever cuts this off, the file is made anew: a journal on the disk would protect nothing.
    try connection.setJournalMode(.memory)
    try connection.execute(unsafeScript: CaptureFile.schema)
    try connection.begin(.immediate)
    return connection
  }

  mutating func add(_ record: borrowing CapturedRecord) throws {
    block.beginRow()
    block.append(record.place)
    block.append(record.key)
    if let fault = record.fault { block.append(fault) } else { block.appendNull() }
    block.append(record.at)
    if let completed = record.completed { block.append(completed) } else { block.appendNull() }
    block.append(Int64(record.offsetMinutes))
    block.append(Int64(record.operation.rawValue))
    block.append(Int64(record.state.rawValue))
    if let id = record.objectID { block.append(id) } else { block.appendNull() }
    block.append(record.objectName.span)
    block.append(record.objectClass.span)
    block.append(record.initiator.span)
    block.append(record.account.span)
    block.append(record.host.span)
    block.append(record.transaction.span)
    block.append(false)
    block.append(record.items.span)
    block.endRow()
    if block.count == 2_000 || block.byteCount > 4 << 20 { try flush() }
  }

  /// Notes that a transaction was taken back: what its records say did not come to stay.
  mutating func noteRollback(_ transaction: [UInt8]) { rolledBack.insert(transaction) }

  private mutating func flush() throws {
    try connection.insert(
      into: TableName(CaptureFile.table), columns: names, rows: block, range: 0..<block.count)
    block.removeAll()
  }

  /// Completes the capture: no key twice, and what was taken back is told.
  ///
  /// - Parameter tally: what the reading counted; gets what only the whole shows.
  consuming func finish(_ tally: inout CaptureTally) throws {
    try flush()
    try connection.execute("create index record_key on record (key, place)")
    // The same key is the same record, read twice: the first stays.
    tally.repeated = try connection.execute(
      """
      delete from record where key in (select key from record group by key having count(*) > 1)
        and place > (select min(first.place) from record first where first.key = record.key)
      """)
    for transaction in rolledBack {
      tally.rolledBack += try connection.execute(
        "update record set rolled_back = 1 where tx = \(SQLValue.bytes(transaction)) and fault is null")
    }
    try connection.execute(
      "insert into capture (name, value) values ('tally', \(String(decoding: encodeJSON(tally), as: UTF8.self)))")
    try connection.commit()
    try connection.close()
  }
}
