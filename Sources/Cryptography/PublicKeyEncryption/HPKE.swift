public import Base

/// Hybrid public key encryption in base mode, one message to a key (RFC 9180, section 6.1).
///
/// Base mode authenticates nobody: that a message is from whom it seems to be from must be signed beside it.
public enum HPKE {
  /// A closed list: what is not in it is not accepted.
  public enum Suite: UInt8, Sendable, Hashable, CaseIterable {
    /// DHKEM(P-521, HKDF-SHA512), HKDF-SHA512, AES-256-GCM.
    case p521 = 2
    /// DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM.
    case x25519 = 3

    public var curve: Curve {
      switch self {
      case .p521: .p521
      case .x25519: .x25519
      }
    }

    /// Bytes that a sealed message is longer than the message: the encapsulation and the tag.
    public var overhead: Int { curve.publicByteCount + AES256GCM.tagByteCount }

    var hash: HashAlgorithm {
      switch self {
      case .p521: .sha512
      case .x25519: .sha256
      }
    }

    /// `kem_id`, `kdf_id` and `aead_id` (sections 7.1 to 7.3).
    var identifiers: (kem: UInt16, kdf: UInt16, aead: UInt16) {
      switch self {
      case .p521: (0x0012, 0x0003, 0x0002)
      case .x25519: (0x0020, 0x0001, 0x0002)
      }
    }
  }

  /// Seals a message to a key.
  ///
  /// - Parameters:
  ///   - info: what the message is for; must be the same when opening.
  ///   - authenticating: data that is not encrypted and must be the same when opening.
  /// - Returns: the encapsulation, then the ciphertext with its tag.
  /// - Throws: `invalidKey` for a key of another curve, or one that agrees on nothing.
  public static func seal(
    _ message: Span<UInt8>, to key: AgreementPublicKey, _ suite: Suite, info: Span<UInt8>,
    authenticating: Span<UInt8> = Span()
  ) throws(CryptographyError) -> [UInt8] {
    try seal(
      message, to: key, suite, info: info, authenticating: authenticating, ephemeral: AgreementKey(suite.curve))
  }

  /// - Parameter ephemeral: a key that nothing was sealed with before.
  static func seal(
    _ message: Span<UInt8>, to key: AgreementPublicKey, _ suite: Suite, info: Span<UInt8>,
    authenticating: Span<UInt8>, ephemeral: borrowing AgreementKey
  ) throws(CryptographyError) -> [UInt8] {
    let encapsulation = ephemeral.publicKey.bytes
    let agreed = try ephemeral.agree(with: key)
    let schedule = try HPKESchedule.derive(suite, agreed.bytes, encapsulation, key.bytes, info: info)
    var sealed = encapsulation
    sealed.reserveCapacity(message.count + suite.overhead)
    var cipher = AES256GCM(key: schedule.key)
    try cipher.seal(message, nonce: schedule.nonce.span, authenticating: authenticating, appendingTo: &sealed)
    return sealed
  }

  /// Opens what ``seal(_:to:_:info:authenticating:)`` made.
  ///
  /// - Throws: `authenticationFailed`, and nothing else for whatever is wrong with the message or the key.
  public static func open(
    _ sealed: Span<UInt8>, with key: borrowing AgreementKey, _ suite: Suite, info: Span<UInt8>,
    authenticating: Span<UInt8> = Span()
  ) throws(CryptographyError) -> SecretBytes {
    let failure = CryptographyError(.authenticationFailed, doing: "open a sealed message")
    guard key.curve == suite.curve, sealed.count >= suite.overhead else { throw failure }
    let split = suite.curve.publicByteCount
    do {
      let encapsulation = try AgreementPublicKey(suite.curve, bytes: sealed.extracting(..<split))
      let agreed = try key.agree(with: encapsulation)
      let schedule = try HPKESchedule.derive(
        suite, agreed.bytes, encapsulation.bytes, key.publicKey.bytes, info: info)
      var message: [UInt8] = []
      message.reserveCapacity(sealed.count)
      var cipher = AES256GCM(key: schedule.key)
      try cipher.open(
        sealed.extracting(split...), nonce: schedule.nonce.span, authenticating: authenticating,
        appendingTo: &message)
      return SecretBytes(taking: &message)
    } catch {
      // Which of its parts was wrong would tell an attacker more than that it failed.
      throw [.invalidKey, .authenticationFailed].contains(error.code) ? failure : error
    }
  }
}
