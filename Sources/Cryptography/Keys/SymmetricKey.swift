internal import Base

/// A key of 32 bytes for AES-256 or for derivation; wiped when it ends.
public struct SymmetricKey: ~Copyable, Sendable {
  public static let byteCount = 32

  private var storage: SecretBytes

  /// Copies a key. The caller wipes the original.
  ///
  /// - Throws: `invalidKey` for any length but 32.
  public init(bytes: Span<UInt8>) throws(CryptographyError) {
    guard bytes.count == SymmetricKey.byteCount else {
      throw CryptographyError(.invalidKey, doing: "take a key", reason: "\(bytes.count) bytes instead of 32")
    }
    storage = SecretBytes(copying: bytes)
  }

  /// A new random key.
  public init() {
    storage = SecretBytes(zeros: SymmetricKey.byteCount)
    var bytes = storage.mutableBytes
    fillWithRandomBytes(&bytes)
  }

  /// A key from a passphrase by Argon2id; see ``Argon2id/derive(passphrase:salt:pepper:context:cost:into:)``.
  public init(passphrase: Span<UInt8>, salt: Span<UInt8>, cost: Argon2id.Cost) throws(CryptographyError) {
    storage = SecretBytes(zeros: SymmetricKey.byteCount)
    var bytes = storage.mutableBytes
    try Argon2id.derive(passphrase: passphrase, salt: salt, cost: cost, into: &bytes)
  }

  /// The key's bytes, lent. Do not copy them into anything that is not wiped.
  public var bytes: Span<UInt8> {
    @_lifetime(borrow self)
    get { storage.bytes }
  }

  /// A public name of the key that tells nothing about it: 16 bytes of HKDF-SHA256 under a label of its own.
  public var id: KeyID {
    var id = [UInt8](repeating: 0, count: KeyID.byteCount)
    var span = id.mutableSpan
    let label = Array("locktender key id".utf8)
    do {
      try HKDF.sha256(inputKey: bytes, salt: [UInt8]().span, info: label.span, into: &span)
    } catch {
      fatalError("a key id cannot be derived: \(error)")
    }
    return KeyID(bytes: id)
  }
}

/// The public name of a ``SymmetricKey``: equal for equal keys, and of no use to find the key.
public struct KeyID: Hashable, Sendable, CustomStringConvertible {
  static let byteCount = 16

  public let bytes: [UInt8]

  init(bytes: [UInt8]) { self.bytes = bytes }

  /// 32 lower-case hexadecimal digits.
  public var description: String { hexadecimal(bytes) }
}
