internal import Base
internal import Cryptography
internal import Database
internal import Migration

/// Where backups are kept: a folder, the keys that encrypt them, and a list of what is there.
struct BackupPlace: Sendable {
  /// One backup as the list tells of it.
  struct Entry: Sendable, Codable, Equatable {
    let file: String
    let subject: String
    let location: String
    /// The digest of the rows in it, as they came out of it again.
    let content: String
    let made: Timestamp
    let bytes: Int
  }

  let folder: String
  let keep: Int
  let keys: BackupKeys

  /// - Parameters:
  ///   - keyFile: a file with the key; made at the first backup where nothing is configured.
  ///   - passphrase: used in place of the key file where it is given.
  init(folder: String, keep: Int, keyFile: String, passphrase: BackupKeys.SecretLender? = nil) {
    self.folder = folder
    self.keep = keep
    keys = BackupKeys(keyFile: keyFile, passphrase: passphrase)
  }

  /// The place that a platform file names.
  ///
  /// - Parameter folder: that of the platform file.
  init(_ settings: BackupSettings, folder: String, secrets: any SecretProvider) {
    self.init(
      folder: settings.folder, keep: settings.keep, keyFile: folder + "/.locktender/keys/backup.key",
      passphrase: settings.key.map { _ in BackupKeys.lender(of: BackupSettings.secretName, from: secrets) })
  }

  func newArchive(_ subject: String, run: UniqueID, at time: Timestamp) throws -> String {
    try Files.createFolder(folder, withParents: true)
    let day = String(time.description.prefix(10))
    let stem = "\(subject)-\(day)-\(run.description.prefix(8))"
    // What a process that was killed has left half-written or unproven; the run is this process's alone. A backup that
    // is in the list stays, whatever has become of its copy.
    // By name: on another host the folder may be called differently.
    let proven = Set(try entries().map { BackupPlace.name(of: $0) })
    for leftover in try Files.list(folder)
    where (leftover.hasPrefix(stem) || leftover.hasPrefix("." + stem)) && leftover.contains(".ltbackup") {
      let path = Paths.join(folder, leftover)
      if !proven.contains(leftover) { try Files.remove(path) }
    }
    var path = Paths.join(folder, stem + ".ltbackup")
    var number = 2
    while try Files.exists(path) {
      path = Paths.join(folder, "\(stem)-\(number).ltbackup")
      number += 1
    }
    return path
  }

  /// Encrypts a file into a new one. Blocks.
  func seal(_ plain: String, into archive: String, progress: (Int, Int) throws -> Void) throws {
    let total = Int(try Files.status(of: plain).size)
    try BackupPlace.unwrapped { try keys.encrypt(plain, to: archive) { try progress(Int($0), total) } }
  }

  /// Decrypts a backup. Blocks.
  func open(_ archive: String, into plain: String, progress: (Int, Int) throws -> Void) throws {
    let total = Int(try Files.status(of: archive).size)
    try BackupPlace.unwrapped { try keys.decrypt(archive, to: plain) { try progress(Int($0), total) } }
  }

  /// What progress throws comes out as it is: a cancel that was noticed within the encryption is still a cancel.
  private static func unwrapped(_ body: () throws -> Void) throws {
    do {
      try body()
    } catch {
      if let error = error as? CryptographyError, error.code == .interrupted, let cause = error.cause {
        throw cause
      }
      throw error
    }
  }

  // MARK: The list

  private var list: String { folder + "/backups.json" }

  func entries() throws -> [Entry] {
    guard try Files.exists(list) else { return [] }
    return try decodeJSON([Entry].self, from: Files.read(list, limit: 16 << 20))
  }

  /// The newest backup of a subject that a run has made and proven; nil where the list knows of none.
  func newest(of subject: String, by run: UniqueID) throws -> Entry? {
    let mark = "-\(run.description.prefix(8))"
    return try entries().filter { $0.subject == subject && $0.file.contains(mark) }.max { $0.made < $1.made }
  }

  /// Where a backup's file is: where it was written, or, on another host, in the folder as that is called here.
  func place(of entry: Entry) throws -> String? {
    try [entry.file, Paths.join(folder, BackupPlace.name(of: entry))].first { try Files.exists($0) }
  }

  private static func name(of entry: Entry) -> String {
    entry.file.split(separator: "/").last.map { String($0) } ?? entry.file
  }

  func record(
    _ archive: String, of subject: String, location: DatabaseLocation, content: Digest256, at time: Timestamp
  ) throws {
    let size = Int(try Files.status(of: archive).size)
    let entry = Entry(
      file: archive, subject: subject, location: location.description, content: content.description, made: time,
      bytes: size)
    try change { $0.filter { $0.file != archive } + [entry] }
  }

  /// Changes the list while no other process does.
  func change(_ body: ([Entry]) -> [Entry]) throws {
    var waits = 0
    while true {
      if let lock = try FileLock.attempt(list + ".lock") {
        try Files.write(encodeJSON(body(entries()), pretty: true), to: list)
        return lock.release()
      }
      waits += 1
      guard waits < 100 else {
        throw AdministrationError(
          .unusable, doing: "write the list of backups", reason: "another process does not give it free",
          advice: "fuser -v \(list).lock shows which")
      }
      blockThread(seconds: 0.1)
    }
  }
}
