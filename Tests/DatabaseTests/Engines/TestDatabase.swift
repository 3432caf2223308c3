import Base
import Database
import Glibc
import Testing

/// The engines that every behaviour is tested on.
enum TestEngine: String, CaseIterable, Sendable, CustomTestStringConvertible {
  case sqlite
  case postgresql

  var testDescription: String { rawValue }
}

/// An empty database of its own, that goes with the last reference: a file, or a schema of the private server.
final class TestDatabase: Sendable {
  let engine: TestEngine
  let location: DatabaseLocation
  private let folder: String
  private let schema: String

  init(_ engine: TestEngine) throws {
    self.engine = engine
    var generator = SystemRandomNumberGenerator()
    schema = "test \(UInt64.random(in: 0 ... .max, using: &generator))"
    switch engine {
    case .sqlite:
      folder = temporaryFolder()
      location = .sqlite(path: folder + "/test.db")
      try Connection.open(location, options: .create).close()
    case .postgresql:
      folder = ""
      location = PrivateServer.shared.location(schema: schema)
      let admin = try Connection.open(PrivateServer.shared.location(), options: .readWrite)
      try admin.execute("create schema \(identifier: schema)")
    }
  }

  deinit {
    if engine == .sqlite {
      run("rm -rf \(folder)")
      // Likewise.
    } else if let admin = try? Connection.open(PrivateServer.shared.location(), options: .readWrite) {
      // The server ends with the tests; a schema left over harms nobody.
      _ = try? admin.execute("drop schema if exists \(identifier: schema) cascade")
    }
  }

  func connect(_ options: ConnectOptions = .readWrite) throws -> Connection {
    try Connection.open(location, options: options)
  }

  /// Column types for the kinds, in this engine's words.
  func type(_ kind: ColumnKind) -> String {
    if engine == .sqlite {
      return switch kind {
      case .text: "text"
      case .bytes, .uuid: "blob"
      default: "integer"
      }
    }
    return switch kind {
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

  func createTable(_ name: String, _ kinds: [ColumnKind], on connection: Connection) throws -> [String] {
    let names = kinds.indices.map { "c\($0)" }
    let columns = zip(names, kinds).map { "\($0) \(type($1))" }.joined(separator: ", ")
    try connection.execute(unsafeScript: "create table \(name) (\(columns))")
    return names
  }
}

/// All rows of a block as one piece of memory.
func bytes(_ block: borrowing RowBlock) -> [UInt8] {
  let span = block.bytes(of: 0..<block.count)
  return unsafe span.withUnsafeBytes { unsafe Array($0) }
}

/// Reads a whole result into one block, in several reads.
func readAll(
  _ sql: SQL, _ kinds: [ColumnKind], on connection: Connection, rowsPerRead: Int = 100
) throws -> RowBlock {
  var all = RowBlock(kinds: kinds)
  var block = RowBlock(kinds: kinds)
  var stream = try connection.stream(sql, kinds)
  while try stream.read(into: &block, rows: rowsPerRead) {
    for row in 0..<block.count { all.appendTuple(block.bytes(of: row)) }
  }
  return all
}

/// Runs blocking work on a thread of its own.
func onThread<R: Sendable>(_ name: String = "test", _ body: @escaping @Sendable () throws -> R) async throws -> R {
  let thread = BlockingThread(name: name)
  return try await withThrowingTaskGroup(of: R.self) { group in
    group.addTask(executorPreference: thread) { try body() }
    return try await group.next()!
  }
}

/// The database error that a call throws; nil where it throws none.
func databaseError(_ body: () throws -> Void) -> DatabaseError? {
  do {
    try body()
    return nil
  } catch {
    return error as? DatabaseError
  }
}
