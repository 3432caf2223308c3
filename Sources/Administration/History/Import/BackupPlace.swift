internal import Base
internal import Cryptography
internal import Database
internal import Migration

/// Where backups are kept: a folder, the key that encrypts them, and a list of what is there.
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
  /// A file with the key; made at the first backup where nothing is configured.
  let keyFile: String

  func newArchive(_ subject: String, run: UniqueID, at time: Timestamp) throws -> String {
    try Files.createFolder(folder, withParents: true)
    let day = String(time.description.prefix(10))
    return "\(folder)/\(subject)-\(day)-\(run.description.prefix(8)).ltbackup"
  }

  /// Encrypts a file. Blocks.
  func seal(_ plain: String, into archive: String, progress: (Int, Int) -> Void) throws {
    if try Files.exists(archive) { try Files.remove(archive) }
    let total = Int(try Files.status(of: plain).size)
    try EncryptedFile.encrypt(plain, to: archive, key: key()) { progress(Int($0), total) }
  }

  /// Decrypts a backup. Blocks.
  func open(_ archive: String, into plain: String, progress: (Int, Int) -> Void) throws {
    let total = Int(try Files.status(of: archive).size)
    try EncryptedFile.decrypt(archive, to: plain, key: key()) { progress(Int($0), total) }
  }

  private func key() throws -> SymmetricKey {
    if try !Files.exists(keyFile) {
      try Files.createFolder(Paths.folder(of: keyFile), withParents: true)
      try SymmetricKey().write(toFile: keyFile)
    }
    return try SymmetricKey(file: keyFile)
  }

  // MARK: The list

  private var list: String { folder + "/backups.json" }

  func entries() throws -> [Entry] {
    guard try Files.exists(list) else { return [] }
    return try decodeJSON([Entry].self, from: Files.read(list, limit: 16 << 20))
  }

  func record(
    _ archive: String, of subject: String, location: DatabaseLocation, content: Digest256, at time: Timestamp
  ) throws {
    var all = try entries().filter { $0.file != archive }
    let size = Int(try Files.status(of: archive).size)
    all.append(
      Entry(
        file: archive, subject: subject, location: location.description, content: content.description, made: time,
        bytes: size))
    try Files.write(encodeJSON(all, pretty: true), to: list)
  }

  /// Removes the oldest backups of a subject beyond the number to be kept.
  ///
  /// - Returns: the files that were removed.
  func retire(_ subject: String) throws -> [String] {
    let all = try entries()
    let old = all.filter { $0.subject == subject }.sorted { $0.made > $1.made }.dropFirst(keep)
    guard !old.isEmpty else { return [] }
    let files = Set(old.map(\.file))
    try Files.write(encodeJSON(all.filter { !files.contains($0.file) }, pretty: true), to: list)
    for file in files where try Files.exists(file) { try Files.remove(file) }
    return files.sorted()
  }
}
