import Administration
import Base
import Database
import TestSupport
import Testing

/// A release on an engine, in one database or two.
struct LabShape: Sendable, CustomTestStringConvertible {
  enum Store: String, Sendable { case sqlite, postgresql, sqlASCII }

  let release: Release
  let store: Store
  let isUndivided: Bool

  var testDescription: String { "\(release) \(store.rawValue)\(isUndivided ? " undivided" : "")" }

  static let all: [LabShape] =
    Release.allCases.flatMap { release in
      [Store.sqlite, .postgresql].flatMap { store in
        (release.mayBeUndivided ? [true, false] : [false]).map {
          LabShape(release: release, store: store, isUndivided: $0)
        }
      }
    } + [LabShape(release: .v8_1, store: .sqlASCII, isUndivided: false)]

  static let sqlite: [LabShape] = Release.allCases.map {
    LabShape(release: $0, store: .sqlite, isUndivided: $0.mayBeUndivided)
  }
}

/// A lab in a folder of its own, removed with the last reference.
final class TestLab {
  let folder: TestFolder
  let manifest: LabManifest
  let options: LabOptions

  /// - Parameter adjust: changes options that the shape leaves open.
  init(
    _ shape: LabShape, people: Int = 150, history: Int = 3000, seed: UInt64 = 7,
    adjust: (inout LabOptions) -> Void = { _ in }
  ) async throws {
    folder = try TestFolder()
    var options = LabOptions(
      folder: folder / "lab", release: shape.release, store: try TestLab.store(shape.store), people: people,
      history: history, seed: seed, isUndivided: shape.isUndivided)
    adjust(&options)
    self.options = options
    manifest = try await Lab.create(options)
  }

  private static func store(_ store: LabShape.Store) throws -> LabOptions.Store {
    if store == .sqlite { return .sqlite }
    let server = try PrivatePostgres.shared()
    let address = PostgresAddress(
      host: server.host, port: Int(server.port), user: PrivatePostgres.user, database: "postgres")
    // Labs of the same release share the server: each has a prefix of its own.
    let prefix = "lab_\(UInt32.random(in: .min ... .max))"
    return .postgresql(
      DatabaseLocation(.postgresql(address)), options: .readWrite, prefix: prefix,
      encoding: store == .sqlASCII ? .sqlASCII : .utf8)
  }

  /// A read-only connection to the database that holds the configuration or the history.
  func open(_ half: DatabaseType) throws -> Connection {
    let entry = try #require(manifest.database(options.isUndivided ? .undivided : half))
    let connection = try Connection.open(entry.location, options: .readOnly)
    if case .postgresql(_, _, _, .sqlASCII) = options.store {
      try connection.execute("set client_encoding = sql_ascii")
    }
    return connection
  }

  func schema(_ half: DatabaseType) -> ReleaseSchema {
    ReleaseSchema(options.release, options.isUndivided ? .undivided : half)
  }
}

extension Connection {
  /// All rows of a table in the order of its key.
  func scan(_ table: SchemaTable, _ body: (borrowing RowView) throws -> Void) throws {
    let key = table.columns[0].name + (table.columns.dropFirst().first?.name == "ordinal" ? ", ordinal" : "")
    var stream = try stream(
      "select \(identifiers: table.columnNames) from \(identifier: table.name) order by \(unsafeSQL: key)",
      table.kinds)
    var rows = RowBlock(kinds: table.kinds)
    while try stream.read(into: &rows, rows: 1000) {
      for row in 0..<rows.count { try body(rows[row]) }
    }
  }
}

extension RowView {
  func bytes(_ column: Int) -> [UInt8]? {
    if isNull(column) { return nil }
    let text = text(column)
    return text.indices.map { text[$0] }
  }
}
