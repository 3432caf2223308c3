import Base
import TestSupport

@testable import Database

/// A database of its own on a private PostgreSQL, reached by libpq to write and by psqlODBC to read.
final class ODBCDatabase: Sendable {
  static let driver = "/usr/lib/x86_64-linux-gnu/odbc/psqlodbcw.so"

  let server: PrivatePostgres
  let name: String

  init(on server: PrivatePostgres? = nil) throws {
    self.server = try server ?? PrivatePostgres.shared()
    name = try self.server.createDatabase()
  }

  /// What the driver manager reads; without a password.
  func source(_ more: String = "") -> String {
    "Driver=\(Self.driver);Server=\(server.host);Port=\(server.port);Database=\(name);UID=\(PrivatePostgres.user);"
      + more
  }

  var location: DatabaseLocation { DatabaseLocation(.odbc(source())) }

  func read(_ options: ConnectOptions = .readOnly) throws -> Connection {
    try Connection.open(location, options: options)
  }

  /// A reader whose driver is made to look like one that can do less.
  func read(_ way: FetchWay) throws -> Connection {
    Connection(location, try ODBCSession(source(), options: .readOnly) { driver, _ in way.adjust(&driver) })
  }

  /// A reader that takes the server for a program that it knows nothing of.
  func readUnrecognised() throws -> Connection {
    Connection(
      location,
      try ODBCSession(source(), options: .readOnly) { driver, dialect in
        driver.textForm = .wide
        dialect = .odbc(product: "Other", quote: "\"", levels: 0xF)
      })
  }

  func write() throws -> Connection {
    try Connection.open(DatabaseLocation(server.location(database: name)), options: .readWrite)
  }

  /// Makes a table of columns `c0`, `c1`, … with the rows of a block.
  func fill(_ table: String, with block: borrowing RowBlock) throws {
    let connection = try write()
    let columns = block.kinds.indices.map { "c\($0)" }
    let declared = zip(columns, block.kinds).map { "\($0) \(Self.type($1))" }.joined(separator: ", ")
    try connection.execute(unsafeScript: "create table \(table) (\(declared))")
    try connection.insert(into: TableName(table), columns: columns, rows: block, range: 0..<block.count)
    try connection.close()
  }

  static func type(_ kind: ColumnKind) -> String {
    switch kind {
    case .boolean: "boolean"
    case .small: "smallint"
    case .medium: "integer"
    case .integer: "bigint"
    case .text: "text"
    case .bytes: "bytea"
    case .uuid: "uuid"
    case .timestamp: "timestamptz"
    }
  }
}

/// The ways in which a driver may be able to fetch.
enum FetchWay: String, CaseIterable, Sendable {
  /// As psqlODBC is used: by blocks, texts as bytes.
  case blocks
  /// By blocks, texts as UTF-16.
  case wideBlocks
  /// Row by row, value by value, as drivers want it that cannot read a long value out of a block.
  case single

  func adjust(_ driver: inout ODBCDriver) {
    if self != .blocks { driver.textForm = .wide }
    if self == .single { driver.readsLongValuesFromBlocks = false }
  }
}
