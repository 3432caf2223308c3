import Base
import Cryptography
import Database
import Migration
import TestSupport
import Testing

@testable import Administration

/// From which engine to which an import goes.
enum Route: String, CaseIterable, Sendable {
  case sqliteToSQLite, sqliteToPostgres, postgresToPostgres, postgresToSQLite

  var readsServer: Bool { self == .postgresToPostgres || self == .postgresToSQLite }
  var writesServer: Bool { self == .postgresToPostgres || self == .sqliteToPostgres }
}

/// An old service, a place for a new history, and a platform file that names both.
struct FaultBench {
  static let history = 1_500
  let folder: TestFolder
  let source: DatabaseLocation
  let destination: DatabaseLocation
  let program: Program

  /// - Parameter destination: another place than what the route says.
  init(
    _ route: Route = .sqliteToSQLite, _ release: Release = .v7_5, history: Int = FaultBench.history,
    destination: DatabaseLocation? = nil
  ) async throws {
    folder = try TestFolder()
    if route.readsServer {
      source = try await DatabaseLocation(
        PrivatePostgres.shared().location(
          database: FaultLabs.shared.database(release, history: history)))
    } else {
      source = .sqlite(path: folder / "old.db")
      try await FaultLabs.shared.copy(release, history: history, to: folder / "old.db")
    }
    if let destination {
      self.destination = destination
    } else if !route.writesServer {
      self.destination = .sqlite(path: folder / "new.db")
    } else {
      let server = try PrivatePostgres.shared()
      let name = "fault_\(UniqueID.random().description.prefix(8))"
      self.destination = try DatabaseLocation(server.location(database: server.createDatabase(name)))
    }
    program = Program(folder: folder)
    try writePlatform()
  }

  /// Writes the platform file, with other places where given.
  func writePlatform(
    source: String? = nil, destination: String? = nil, backups: String? = nil, password: String? = nil
  ) throws {
    let backups = backups.map { ", backups: { folder: \"\($0)\" }" } ?? ""
    let password = password.map { ", password: { file: \"\($0)\" }" } ?? ""
    try folder.write(
      """
      { version: 1, name: "faults", administration: {
          sources: { main: { kind: "database", location: "\(source ?? self.source.description)"\(password) } },
          destination: { history: "\(destination ?? self.destination.description)" }\(backups) } }
      """, to: "platform.json5", mode: 0o600)
  }

  /// The engine on the same platform, within this process.
  func workbench() throws -> Workbench {
    try Workbench(folder: folder, sources: ["main": source.description], destination: destination.description)
  }

  func openDestination(_ access: ConnectOptions.Access = .readOnly) throws -> Connection {
    try Connection.open(destination, options: ConnectOptions(access: access))
  }

  // MARK: What came of it

  /// The digest of all rows of the history's tables, doubled ones counted twice.
  func digest() throws -> Digest256 { try HistoryDigest.of(on: openDestination()) }

  /// What an undisturbed import of the same old service gives.
  static func undisturbed(
    _ route: Route = .sqliteToSQLite, _ release: Release = .v7_5, history: Int = FaultBench.history
  ) async throws -> Digest256 {
    try await Undisturbed.shared.digest(route, release, history)
  }

  private actor Undisturbed {
    static let shared = Undisturbed()
    private var known: [String: Task<Digest256, any Error>] = [:]

    func digest(_ route: Route, _ release: Release, _ history: Int) async throws -> Digest256 {
      let key = "\(route.readsServer) \(release) \(history)"
      let task =
        known[key]
        ?? Task {
          let bench = try await FaultBench(route, release, history: history)
          let run = try await bench.workbench().importHistory()
          #expect(run.state == .verified)
          return try bench.digest()
        }
      known[key] = task
      return try await task.value
    }
  }

  /// Whether the destination is as no import has ever been there.
  func isUntouched() throws -> Bool {
    if let path = destination.path {
      return try !Base.Files.exists(path) && !Base.Files.exists(path + ".locktender-lock")
    }
    return try openDestination().catalogue().tables.isEmpty
  }

  /// The import is in, whole, once, with its keys, and nothing is left open.
  func expectWhole(_ expected: Digest256, sourceLocation: SourceLocation = #_sourceLocation) throws {
    #expect(try digest() == expected, sourceLocation: sourceLocation)
    let connection = try openDestination()
    #expect(try HistoryKeys.areComplete(on: connection), sourceLocation: sourceLocation)
    #expect(
      try connection.integer("SELECT count(*) FROM history_import WHERE state = 'complete'") == 1,
      sourceLocation: sourceLocation)
    #expect(
      try connection.integer("SELECT count(*) FROM history_import") == 1, sourceLocation: sourceLocation)
    #expect(try connection.integer("SELECT count(*) FROM history_source") == 1, sourceLocation: sourceLocation)
    #expect(
      try connection.integer("SELECT count(*) FROM locktender_range WHERE state <> 'done'") == 0,
      sourceLocation: sourceLocation)
  }
}

extension FaultBench {
  /// Whether nothing of an import is left, neither rows nor what was made for them.
  func holdsNothing() throws -> Bool {
    if let path = destination.path, try !Base.Files.exists(path) { return true }
    let tables = try openDestination().catalogue().tables.map(\.name.name)
    return tables.allSatisfy { $0.hasPrefix("locktender_") }
  }
}
