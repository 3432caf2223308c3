internal import Base
internal import Database

/// The log as the encrypted backup holds it, opened once more to be read by other eyes.
struct RestoredLog: Sendable {
  let archive: String
  /// Where it stands while it is read.
  let path: String
  let backups: BackupPlace

  /// Restores the log, lends its path, and removes it. Blocks.
  func withFile<Result>(_ body: (String) throws -> Result) throws -> Result {
    if try Files.exists(path) { try Files.remove(path) }
    // It holds the log as it is, secrets and all. Where it cannot be removed now, the next reading does it.
    defer { try? Files.remove(path) }
    try backups.open(archive, into: path) { _, _ in }
    return try body(path)
  }
}

/// Tells records that were read before, by their keys, in a file rather than in memory.
struct SeenRecords: ~Copyable {
  private let connection: Connection
  private let path: String

  init(_ path: String) throws {
    if try Files.exists(path) { try Files.remove(path) }
    self.init(path, try SeenRecords.create(path))
  }

  private init(_ path: String, _ connection: Connection) {
    self.path = path
    self.connection = connection
  }

  private static func create(_ path: String) throws -> Connection {
    let connection = try Connection.open(.sqlite(path: path), options: .create)
    try connection.setJournalMode(.memory)
    try connection.setSynchronous(.off)
    try connection.execute("create table seen (key blob primary key) without rowid")
    try connection.begin(.immediate)
    return connection
  }

  deinit {
    // Scratch: what is left of it is removed by the next verification, and with the run.
    try? connection.close()
    // As above.
    try? Files.remove(path)
  }

  func isNew(_ key: UniqueID) throws -> Bool {
    try connection.execute("insert or ignore into seen (key) values (\(key))") == 1
  }
}
