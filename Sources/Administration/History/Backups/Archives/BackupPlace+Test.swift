internal import Base
internal import Cryptography
internal import Database

extension BackupPlace {
  /// Opens a backup as somebody in need would, reads every row, and compares with what the list says of it. Blocks.
  ///
  /// - Parameter tell: what is done now and the bytes of it; what it throws stops the test.
  /// - Returns: what is in it.
  /// - Throws: `unusable` where it holds anything else; what opening it throws.
  @discardableResult
  func test(
    _ entry: Entry, tell: (_ what: String, _ done: Int, _ total: Int?) throws -> Void = { _, _, _ in }
  ) throws -> ContentSummary {
    guard try Files.exists(entry.file) else {
      throw failed(entry, "the file is gone", "look for it elsewhere; the list has it as \(entry.file)")
    }
    let backup = try OpenedBackup(entry.file, keys, named: entry.subject, tell: tell)
    let connection = try backup.open()
    if connection.engine == .sqlite, try !connection.integrityCheck().isEmpty {
      throw failed(entry, "the database in it is damaged")
    }
    let content = try ContentSummary.of(connection) { try tell("reading \($0)", entry.bytes, nil) }
    try connection.close()
    guard content.digest.description == entry.content else {
      throw failed(entry, "it holds other rows than when it was made")
    }
    return content
  }

  private func failed(
    _ entry: Entry, _ reason: String, _ advice: String = "take another backup of it now, and keep this file aside"
  ) -> AdministrationError {
    AdministrationError(.unusable, doing: "test the backup of \(entry.subject)", reason: reason, advice: advice)
  }
}
