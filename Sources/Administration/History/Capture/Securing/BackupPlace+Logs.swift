internal import Base
internal import Cryptography
internal import Migration

extension BackupPlace {
  /// Lists the backup of something that is no database.
  ///
  /// - Parameters:
  ///   - place: where the original is, without secrets.
  ///   - content: the digest of its bytes, as they came out of the backup again.
  func record(
    _ archive: String, of subject: String, at place: String, content: Digest256, made time: Timestamp
  ) throws {
    let entry = Entry(
      file: archive, subject: subject, location: place, content: content.description, made: time,
      bytes: Int(try Files.status(of: archive).size))
    try change { $0.filter { $0.file != archive } + [entry] }
  }
}
