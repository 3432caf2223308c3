internal import Base
internal import Database

/// One database of a lab while it is made.
struct LabDatabase {
  let type: DatabaseType
  let id: UniqueID
  let location: DatabaseLocation
  let connection: Connection
  /// The rows of each table that has been written.
  var totals: [TableTotal] = []
}

struct TableTotal {
  let table: String
  let rows: Int
}

/// Creates a lab's databases with their tables, and completes them when the rows are in.
struct LabStore {
  let options: LabOptions

  init(_ options: LabOptions) { self.options = options }

  func create(_ type: DatabaseType) throws -> LabDatabase {
    let (location, connection) = try open(type)
    for statement in ReleaseSchema(options.release, type).tableStatements(for: connection.engine) {
      try connection.execute(SQL(unsafeSQL: statement))
    }
    let id = identity(of: type)
    var facts = [
      ("product", DatabaseIdentity.product),
      ("version", options.release.description),
      ("database_type", type.rawValue),
      ("database_id", id.description),
      ("created_at", created.description),
    ]
    if type == .history { facts.append(("paired_configuration", identity(of: .configuration).description)) }
    for (name, value) in facts {
      try connection.execute("insert into product_info (name, value) values (\(name), \(value))")
    }
    return LabDatabase(
      type: type, id: id, location: location, connection: connection,
      totals: [TableTotal(table: "product_info", rows: facts.count)])
  }

  /// Makes keys and indexes, closes the database, and tells what is in it.
  func finish(_ database: LabDatabase) throws -> LabManifest.Entry {
    let schema = ReleaseSchema(options.release, database.type)
    let engine = database.connection.engine
    for statement in schema.keyStatements(for: engine) + schema.indexStatements(for: engine) {
      try database.connection.execute(SQL(unsafeSQL: statement))
    }
    if engine == .sqlite {
      // Old services wrote a rollback journal. The newest, as Locktender makes its own, writes a log.
      let mode = options.release == .newest ? "wal" : "delete"
      _ = try database.connection.text("pragma journal_mode = \(unsafeSQL: mode)")
    } else {
      try database.connection.execute("analyze")
    }
    try database.connection.close()
    let tables = schema.tables.map { table in
      LabManifest.Table(
        name: table.name, rows: database.totals.reduce(0) { $0 + ($1.table == table.name ? $1.rows : 0) })
    }
    return LabManifest.Entry(type: database.type, location: database.location, id: database.id, tables: tables)
  }

  // MARK: Databases

  private func open(_ type: DatabaseType) throws -> (DatabaseLocation, Connection) {
    switch options.store {
    case .sqlite:
      let name = type == .undivided ? "administration" : type.rawValue
      let location = DatabaseLocation.sqlite(path: Paths.join(options.folder, name + ".db"))
      let connection = try Connection.open(location, options: .create)
      // A lab that a crash spoils is made again; nothing is worth waiting for the disk.
      _ = try connection.text("pragma journal_mode = memory")
      try connection.execute("pragma synchronous = off")
      return (location, connection)
    case .postgresql(let server, let connectOptions, let prefix, let encoding):
      guard var address = server.postgres else {
        throw AdministrationError(
          .invalidOptions, doing: "make a lab", reason: "\(server) is no PostgreSQL server",
          advice: "Give an address that begins with `postgresql://`.")
      }
      let version = "\(options.release.rawValue / 100)_\(options.release.rawValue % 100)"
      address.database = "\(prefix)_\(version)_\(type == .undivided ? "administration" : type.rawValue)"
      address.schema = nil
      let maintenance = try Connection.open(server, options: connectOptions)
      if try maintenance.integer("select 1 from pg_database where datname = \(address.database)") != nil {
        throw AdministrationError(
          .unusable, doing: "make a lab", reason: "the server has a database \(address.database) already",
          advice: "Give another prefix, or drop that database if nobody needs it.")
      }
      // By bytes, so that the order of texts does not depend on the server's languages.
      try maintenance.execute(
        """
        create database \(identifier: address.database) template template0
        encoding \(unsafeSQL: "'\(encoding.rawValue)'") lc_collate 'C' lc_ctype 'C'
        """)
      try maintenance.close()
      let location = DatabaseLocation(.postgresql(address))
      let connection = try Connection.open(location, options: connectOptions)
      // Without it the server takes only what is valid in the client's usual UTF-8.
      if encoding == .sqlASCII { try connection.execute("set client_encoding = sql_ascii") }
      try connection.execute("set synchronous_commit = off")
      return (location, connection)
    }
  }

  /// The same for the same seed, release and type: a lab that is made again is the same database.
  private func identity(of type: DatabaseType) -> UniqueID {
    let stream = options.release.rawValue * 10 + (DatabaseType.allCases.firstIndex(of: type) ?? 0)
    var dice = Dice(seed: options.seed, stream: 1 << 20 + stream)
    return UniqueID(
      high: dice.next() & ~0xF000 | 0x4000, low: dice.next() & ~(0b11 << 62) | (0b10 << 62))
  }

  /// A service with history was set up before its first request; an empty one at the end.
  private var created: Timestamp {
    options.history == 0
      ? options.end
      : Timestamp(
        microseconds: options.end.microseconds - Int64(HistoryCalendar.years) * 366 * 86_400_000_000)
  }
}
