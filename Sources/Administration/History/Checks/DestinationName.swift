internal import Base
internal import Database
internal import Migration

/// A destination's name that is not free, or whose database is yet to be made.
struct DestinationName {
  let destination: HistoryDestination
  let now: Timestamp

  /// A location beside the given one where nothing is: `history_8_2_20261120`.
  func proposal() throws -> DatabaseLocation? {
    let suffix = "_\(Release.newest.rawValue / 100)_\(Release.newest.rawValue % 100)_" + day
    for number in 1...99 {
      let ending = number == 1 ? suffix : "\(suffix)_\(number)"
      switch destination.location.kind {
      case .sqlite(let path):
        let kind = Paths.fileExtension(of: path)
        let stem = kind.isEmpty ? path : String(path.dropLast(kind.count + 1))
        let other = stem + ending + (kind.isEmpty ? "" : "." + kind)
        if try !Files.exists(other) { return .sqlite(path: other) }
      case .postgresql(var address):
        // The server cuts names at 63 bytes.
        address.database = String(address.database.prefix(63 - ending.utf8.count)) + ending
        address.schema = nil
        let connection = try destination.openReadOnly()
        let name = address.database
        if try connection.boolean("SELECT true FROM pg_database WHERE datname = \(name)") != true {
          return DatabaseLocation(.postgresql(address))
        }
      case .odbc: return nil
      }
    }
    return nil
  }

  private var day: String { now.description.prefix(10).split(separator: "-").joined() }

  /// The name is another database's: whose, and one that is free.
  func clash(_ reason: String) throws -> Finding {
    var owner = ""
    if destination.location.engine == .postgresql {
      let name = try destination.openReadOnly().text(
        "SELECT pg_get_userbyid(datdba)::text FROM pg_database WHERE datname = current_database()")
      owner = name.map { ", owned by \($0)" } ?? ""
    }
    let free = try proposal().map { "take a free name: destination.history: \"\($0)\"" }
    return Finding(
      "destination.name", rule: "D38", .block, about: "destination",
      "the name is taken\(owner): \(reason), and this program writes histories of \(Release.newest)",
      remedy: free ?? "name another database as destination.history in platform.json5")
  }

  /// A database that is not there on a server that is: whether the login can make it.
  func creation() -> Finding {
    guard let address = destination.location.postgres else {
      return Finding(
        "destination.creation", rule: "D10", .pass, about: "destination", "the file will be made")
    }
    do {
      let facts = try DestinationDatabase.openMaintenance(destination).serverFacts()
      if facts.canCreateDatabases || facts.isSuperuser {
        return Finding(
          "destination.creation", rule: "D10", .pass, about: "destination",
          "the login may make the database \(address.database)")
      }
      let (name, login) = (TableName(address.database).quoted, TableName(facts.user).quoted)
      return Finding(
        "destination.creation", rule: "D10", .block, about: "destination",
        "the login may not make databases",
        remedy: "CREATE DATABASE \(name) OWNER \(login) TEMPLATE template0 ENCODING 'UTF8';")
    } catch {
      return Finding(
        "destination.creation", rule: "D10", .block, about: "destination", explain(error),
        remedy: advice(for: error) ?? "make the database \(address.database) by hand")
    }
  }
}

/// Makes the destination's database on a server.
enum DestinationDatabase {
  /// The database that every server has, for statements about others.
  static func openMaintenance(_ destination: HistoryDestination) throws -> Connection {
    guard var address = destination.location.postgres else { return try destination.open() }
    address.database = "postgres"
    address.schema = nil
    return try Connection.open(DatabaseLocation(.postgresql(address)), options: destination.options)
  }

  /// Does nothing for a file.
  ///
  /// - Parameter beginning: called before it is made.
  static func createIfAbsent(_ destination: HistoryDestination, beginning: () throws -> Void) throws {
    guard let address = destination.location.postgres else { return }
    do throws(DatabaseError) {
      try destination.openReadOnly().close()
      return
    } catch {
      guard error.code == .noSuchDatabase else { throw error }
    }
    try beginning()
    let connection = try openMaintenance(destination)
    try connection.execute("CREATE DATABASE \(identifier: address.database) TEMPLATE template0 ENCODING 'UTF8'")
  }
}
