internal import Base
internal import Cryptography
internal import Database
internal import Synchronization

/// What is in a backup, made readable: a SQLite file, or a database on a scratch server. Gone with the last reference.
final class OpenedBackup: Sendable {
  let location: DatabaseLocation
  private let folder: ScratchFolder
  private let restoration: PostgresRestoration?

  /// Decrypts and, where it is a dump, restores. Blocks for as long as that takes.
  ///
  /// - Parameter tell: what is done now and the bytes of it; what it throws stops the work.
  init(
    _ file: String, _ keys: BackupKeys, named subject: String,
    tell: (_ what: String, _ done: Int, _ total: Int?) throws -> Void = { _, _, _ in }
  ) throws {
    let folder = try ScratchFolder()
    self.folder = folder
    let plain = folder.path("content")
    let total = Int(try Files.status(of: file).size)
    try keys.decrypt(file, to: plain) { try tell("decrypting", Int($0), total) }
    if try DumpContents.begins(plain, with: Array("SQLite format 3\0".utf8)) {
      restoration = nil
      location = .sqlite(path: plain)
    } else if try DumpContents.isDump(plain) {
      let restoration = try PostgresRestoration(
        of: plain, named: subject, encoding: nil, ServerPrograms.find(), in: folder
      ) { try tell("restoring", total, nil) }
      try Files.remove(plain)
      self.restoration = restoration
      location = restoration.location
    } else {
      throw AdministrationError(
        .foreignDatabase, doing: "open the backup",
        reason: "neither a SQLite database nor a PostgreSQL dump is in it",
        advice: "Name a backup of a \(DatabaseIdentity.product) as file in platform.json5.")
    }
  }

  deinit { restoration?.stop() }

  func open() throws -> Connection {
    let connection = try Connection.open(location, options: .readOnly)
    if connection.engine == .sqlite { try connection.setCache(bytes: 16 << 20) }
    return connection
  }
}

/// Backups that this process has opened, each once: a check, a plan and a run look at the same one.
final class OpenedBackups: Sendable {
  private let opened = Mutex<[String: OpenedBackup]>([:])

  /// The opened backup, which is opened first where it is not. Blocks; others wait meanwhile.
  func open(
    _ file: String, _ keys: BackupKeys, named subject: String,
    tell: (String, Int, Int?) throws -> Void = { _, _, _ in }
  ) throws -> OpenedBackup {
    let status = try Files.status(of: file)
    // A file that was replaced is another one.
    let name = "\(file) \(status.device) \(status.inode) \(status.size) \(status.modified)"
    return try opened.withLock { opened in
      if let known = opened[name] { return known }
      let fresh = try OpenedBackup(file, keys, named: subject, tell: tell)
      opened[name] = fresh
      return fresh
    }
  }
}
