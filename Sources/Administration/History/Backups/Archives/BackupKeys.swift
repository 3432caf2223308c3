internal import Base
internal import Cryptography
internal import Migration

/// What backups are encrypted with, and what opens those that were made before: a passphrase, or a key in a file.
struct BackupKeys: Sendable {
  typealias SecretLender = @Sendable () throws -> SecretBytes?

  /// Used, and made at the first backup, where no passphrase is configured.
  let keyFile: String
  /// Nil where none is configured.
  var passphrase: SecretLender?
  /// What somebody gave for one backup: its passphrase, or the bytes of its key file.
  var given: SecretLender?

  static func lender(of secret: String, from secrets: any SecretProvider) -> SecretLender {
    { try secrets.secret(for: secret) }
  }

  /// Encrypts a file, a pipe included. Blocks.
  func encrypt(_ plain: String, to archive: String, progress: (Int64) throws -> Void) throws {
    guard let passphrase else {
      return try EncryptedFile.encrypt(plain, to: archive, key: ownKey(making: true), progress: progress)
    }
    guard let secret = try passphrase() else { throw missing("the configured passphrase cannot be had") }
    try secret.withBytes { bytes in
      try EncryptedFile.encrypt(plain, to: archive, passphrase: bytes, progress: progress)
    }
  }

  /// Decrypts what this program encrypted, with whichever key the file asks for. Blocks.
  func decrypt(_ archive: String, to plain: String, progress: (Int64) throws -> Void) throws {
    switch try EncryptedFile.header(of: archive).keySource {
    case .passphrase:
      guard let secret = try given?() ?? passphrase?() else {
        throw missing("it needs the passphrase that it was made with")
      }
      try secret.withBytes { bytes in
        try EncryptedFile.decrypt(archive, to: plain, passphrase: bytes, progress: progress)
      }
    case .key(let id):
      if let secret = try given?() {
        return try EncryptedFile.decrypt(archive, to: plain, key: BackupKeys.key(from: secret), progress: progress)
      }
      guard try Files.exists(keyFile) else { throw missing("it needs the key \(id), and \(keyFile) is not there") }
      try EncryptedFile.decrypt(archive, to: plain, key: ownKey(making: false), progress: progress)
    }
  }

  /// Whether what is at hand is the kind of key, or the very key, that a backup asks for.
  func opens(_ archive: String) throws -> Bool {
    switch try EncryptedFile.header(of: archive).keySource {
    case .passphrase: passphrase != nil
    case .key(let id): try Files.exists(keyFile) && ownKey(making: false).id == id
    }
  }

  private func ownKey(making: Bool) throws -> SymmetricKey {
    if making, try !Files.exists(keyFile) {
      try Files.createFolder(Paths.folder(of: keyFile), withParents: true)
      try SymmetricKey().write(toFile: keyFile)
    }
    return try SymmetricKey(file: keyFile)
  }

  /// A key file that was read as secrets are, without a line break at its end: a key may end so by chance.
  private static func key(from secret: borrowing SecretBytes) throws -> SymmetricKey {
    let missing = SymmetricKey.byteCount - secret.count
    guard missing == 1 || missing == 2 else { return try secret.withBytes { try SymmetricKey(bytes: $0) } }
    var whole = SecretBytes(zeros: SymmetricKey.byteCount)
    let end: [UInt8] = missing == 1 ? [0x0A] : [0x0D, 0x0A]
    secret.withBytes { bytes in
      whole.withMutableBytes { copy in
        for index in bytes.indices { copy[index] = bytes[index] }
        for (index, byte) in end.enumerated() { copy[bytes.count + index] = byte }
      }
    }
    return try whole.withBytes { try SymmetricKey(bytes: $0) }
  }

  private func missing(_ reason: String) -> AdministrationError {
    AdministrationError(
      .unusable, doing: "open a backup's encryption", reason: reason,
      advice: "name it as backups.key, or as key of the source, in platform.json5")
  }
}
