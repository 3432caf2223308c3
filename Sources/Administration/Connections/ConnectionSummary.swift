public import Base
internal import Database

/// One database of the platform as `administration connection show` tells of it. What could not be read is nil, never
/// guessed.
public struct ConnectionSummary: Sendable, Codable, Equatable {
  /// `source.main`, `destination.configuration`.
  public let name: String
  /// Of the database itself: its name, or that of its file.
  public let database: String
  /// Host and port, or the folder of a file or socket.
  public let server: String
  /// `sqlite` or `postgresql`.
  public let engine: String
  /// `undivided`, `configuration` or `history`.
  public var type: String?
  public var version: String?
  public var bytes: Int?
  /// Of the history's tables.
  public var rows: Int?
  public var firstRecord: Timestamp?
  public var lastRecord: Timestamp?
  /// Known of files only.
  public var lastWrite: Timestamp?
  public var identity: UniqueID?
  /// The configuration that a history belongs to.
  public var pairedConfiguration: UniqueID?
  /// Whether that configuration is the one named beside it; nil where one of them is not known.
  public var isPaired: Bool?
  /// Why nothing more could be read.
  public var failure: String?
  public var advice: String?

  /// Begins as the old service's own pages do: `Database NAME on SERVER`.
  public var line: String {
    var parts = ["Database \(database) on \(server)", "database type \(type ?? "unknown")"]
    parts.append("version \(version ?? "unknown")")
    if let bytes { parts.append(Human.bytes(bytes)) }
    if let rows { parts.append(Human.count(rows, "row")) }
    if let firstRecord, let lastRecord { parts.append("from \(firstRecord) to \(lastRecord)") }
    parts.append("last write \(lastWrite?.description ?? "unknown")")
    if type == DatabaseType.history.rawValue {
      switch isPaired {
      case true?: parts.append("paired with the configuration beside it")
      case false?: parts.append("paired with another configuration than the one beside it")
      case nil: parts.append(pairedConfiguration.map { "paired with configuration \($0)" } ?? "not paired")
      }
    }
    if let failure { parts.append(failure) }
    return parts.joined(separator: ", ")
  }
}

extension ConnectionSummary {
  /// Reads what a database is. A database that cannot be read is a summary with the reason.
  init(_ connection: NamedConnection, open: () throws -> Connection) {
    let location = connection.location
    name = connection.name
    engine = location.engine.rawValue
    switch location.kind {
    case .sqlite(let path): (database, server) = (Paths.name(of: path), Paths.folder(of: path))
    case .postgresql(let address): (database, server) = (address.database, "\(address.host):\(address.port)")
    case .odbc(let text): (database, server) = (text, "odbc")
    }
    do {
      if let path = location.path {
        let status = try Files.status(of: path)
        (bytes, lastWrite) = (Int(status.size), status.modified)
      }
      let connection = try open()
      if connection.engine == .postgresql {
        bytes = try connection.integer("SELECT pg_database_size(current_database())").map(Int.init)
      }
      try connection.transaction(.readOnlySnapshot) { try read(connection) }
    } catch {
      failure = explain(error)
      advice = Base.advice(for: error)
    }
  }

  private mutating func read(_ connection: Connection) throws {
    guard try connection.catalogue()["product_info"] != nil else {
      failure = try connection.catalogue().tables.isEmpty ? "it is blank" : "it is of another product"
      return
    }
    let identity = try DatabaseIdentity.read(from: connection)
    (type, version, self.identity) = (identity.type.rawValue, identity.release.description, identity.id)
    pairedConfiguration = identity.pairedConfiguration
    guard identity.type.holdsHistory else { return }
    let layout = HistoryLayout(identity.release)
    rows = try layout.all.reduce(0) {
      try $0 + Int(connection.integer("SELECT count(*) FROM \(identifier: $1)") ?? 0)
    }
    (firstRecord, lastRecord) = try layout.span(on: connection)
  }
}
