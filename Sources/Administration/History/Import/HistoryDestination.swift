internal import Base
internal import Cryptography
internal import Database
internal import Migration
internal import Transfer

/// The new service's history database: what it is now, and how it is opened.
struct HistoryDestination: Sendable {
  let location: DatabaseLocation
  let options: ConnectOptions
  /// The configuration database beside it, where the platform file names one.
  let configuration: DatabaseLocation?

  enum Condition: Sendable, Equatable {
    /// There is no database yet.
    case absent
    /// A database without a single table of anybody.
    case blank
    /// A history of the newest release that holds no row.
    case empty(DatabaseIdentity)
    /// One that holds rows.
    case inUse(DatabaseIdentity, rows: Int)
    /// Something that is not ours to write to.
    case foreign(String)

    var identity: DatabaseIdentity? {
      switch self {
      case .empty(let identity), .inUse(let identity, _): identity
      case .absent, .blank, .foreign: nil
      }
    }
  }

  /// Opens it for a run, whose journal speaks of what is in: each commit waits for the disk, whatever the database's
  /// default is.
  func open() throws -> Connection {
    let connection = try Connection.open(location, options: options)
    try connection.waitForDisk()
    return connection
  }

  func openReadOnly() throws(DatabaseError) -> Connection {
    try rollBackJournal()
    var readOnly = options
    readOnly.access = .readOnly
    return try Connection.open(location, options: readOnly)
  }

  /// Whoever was killed within a file's first transaction has left a journal that a reader may not roll back
  /// (sqlite.org/lockingv3.html, "Dealing with hot journals"); where the writer lives, nothing happens.
  private func rollBackJournal() throws(DatabaseError) {
    guard let path = location.path else { return }
    // What cannot be looked at is told when it is opened.
    guard (try? Files.exists(path) && Files.exists(path + "-journal")) == true else { return }
    let writer = try Connection.open(location, options: options)
    _ = try writer.integer("SELECT count(*) FROM sqlite_schema")
    try writer.close()
  }

  /// nil where there is no database.
  func openReadOnlyIfPresent() throws -> Connection? {
    if let path = location.path, try !Files.exists(path) { return nil }
    do throws(DatabaseError) {
      return try openReadOnly()
    } catch {
      if error.code == .noSuchDatabase { return nil }
      throw error
    }
  }

  /// Looks at what is there. Changes nothing. Blocks.
  func condition() throws -> Condition {
    guard let connection = try openReadOnlyIfPresent() else { return .absent }
    return try connection.transaction(.readOnlySnapshot) {
      let tables = try connection.catalogue().tables.map(\.name.name).filter { !$0.hasPrefix("locktender_") }
      if tables.isEmpty { return .blank }
      guard tables.contains("product_info") else {
        return .foreign("it holds \(tables.count) tables of another program, such as \(tables[0])")
      }
      let identity = try DatabaseIdentity.read(from: connection)
      guard identity.type == .history, identity.release == .newest else {
        return .foreign("it is a \(identity.type.rawValue) database of \(identity.release)")
      }
      var rows = 0
      for table in HistoryTables.all {
        rows += Int(try connection.integer("SELECT count(*) FROM \(identifier: table)") ?? 0)
      }
      return rows == 0 ? .empty(identity) : .inUse(identity, rows: rows)
    }
  }

  /// What a history says it is; nil where there is none.
  static func identity(on connection: Connection) throws -> DatabaseIdentity? {
    let catalogue = try connection.catalogue()
    guard catalogue["product_info"] != nil, catalogue["history_import"] != nil else { return nil }
    return try DatabaseIdentity.read(from: connection)
  }

  /// As a plan names it: a history by its identity, wherever it moves; a place for one by itself.
  func input(_ identity: DatabaseIdentity?) -> PlanInput {
    PlanInput(
      name: "destination", identity: identity?.id.description ?? location.canonical,
      fingerprint: Release.newest.description, location: location.description)
  }

  /// Where the rows go.
  ///
  /// - Parameters:
  ///   - needed: bytes that the import is expected to take.
  ///   - folders: others whose disk is watched as well.
  func target(needed: Int = 0, besides folders: [String] = []) -> Destination {
    let space = SpaceWatch {
      // A twentieth of what is written in all is more than one batch and its log take.
      let bytes = min(512 << 20, max(4 << 20, needed / 20))
      let places = try DestinationDisk.folders(of: self)
      return (places + folders).map { SpaceWatch.Floor(folder: $0, bytes: places.contains($0) ? bytes : 4 << 20) }
    }
    return Destination(
      name: "history", engine: location.engine, schema: location.postgres?.schema,
      hold: DestinationHold(location) { try open() }, space: space, open: { try open() })
  }
}
