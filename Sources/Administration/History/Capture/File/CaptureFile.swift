internal import Database
internal import Transfer

/// A private SQLite file that holds what a log says, record by record, in the order of its keys: what the import
/// reads instead of the log itself.
///
/// Made within the run's folder from what came out of the encrypted backup, and removed with it. Secrets are not in
/// it. Its format is nobody's promise: a run that goes on reads the file that it made itself.
enum CaptureFile {
  static let table = "record"

  static let schema = """
    create table record (
      place integer primary key, key blob not null, fault text, at integer not null, completed integer,
      offset_minutes integer not null, operation integer not null, state integer not null, object_id blob,
      object_dn blob not null, object_class blob not null, initiator blob not null, account blob not null,
      host blob not null, tx blob not null, rolled_back integer not null, items blob not null
    );
    create table capture (name text primary key, value text not null);
    """

  /// As they are written.
  static let columns: [(name: String, kind: ColumnKind)] = [
    ("place", .integer), ("key", .uuid), ("fault", .text), ("at", .timestamp), ("completed", .timestamp),
    ("offset_minutes", .integer), ("operation", .integer), ("state", .integer), ("object_id", .uuid),
    ("object_dn", .bytes), ("object_class", .bytes), ("initiator", .bytes), ("account", .bytes), ("host", .bytes),
    ("tx", .bytes), ("rolled_back", .boolean), ("items", .bytes),
  ]

  /// As the import reads them: the key first.
  enum Column {
    static let key = 0
    static let place = 1
    static let fault = 2
    static let at = 3
    static let completed = 4
    static let offset = 5
    static let operation = 6
    static let state = 7
    static let objectID = 8
    static let objectName = 9
    static let objectClass = 10
    static let initiator = 11
    static let account = 12
    static let host = 13
    static let rolledBack = 14
    static let items = 15
  }

  static let scan: SourceScan = {
    let names = ["key", "place"] + columns.dropFirst(2).map(\.name).filter { $0 != "tx" }
    let kinds = names.compactMap { name in columns.first { $0.name == name }?.kind }
    return SourceScan(columns: names, kinds: kinds, from: table, keyExpression: "key", keyKind: .uuid)
  }()

  static func openForReading(_ path: String) throws -> Connection {
    let connection = try Connection.open(.sqlite(path: path), options: .readOnly)
    try connection.setCache(bytes: 16 << 20)
    return connection
  }
}
