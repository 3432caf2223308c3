public import Base
internal import COpenSSL

/// A private key for agreement, kept by OpenSSL, which wipes it at the end.
@safe
public struct AgreementKey: ~Copyable, @unchecked Sendable {
  // SAFETY: Sendable because OpenSSL only reads the key after it was made and counts its references atomically.
  private let key: OpaquePointer

  public let publicKey: AgreementPublicKey
  public var curve: Curve { publicKey.curve }

  /// A new random key.
  public init(_ curve: Curve) throws(CryptographyError) {
    var bytes = SecretBytes(zeros: curve.privateByteCount)
    while true {
      var span = bytes.mutableBytes
      fillWithRandomBytes(&span)
      // 521 bits; what is not below the order is drawn again.
      if curve == .p521 { span[0] &= 1 }
      if curve == .p521, P521.publicBytes(of: bytes.bytes) == nil { continue }
      break
    }
    try self.init(curve, bytes: bytes.bytes)
  }

  /// Takes the key of a scalar; see ``Curve/privateByteCount``.
  ///
  /// - Throws: `invalidKey` for another length, and a scalar that is none of the curve's.
  public init(_ curve: Curve, bytes: Span<UInt8>) throws(CryptographyError) {
    let invalid = CryptographyError(.invalidKey, doing: "take a private key", reason: "not a scalar of the curve")
    guard bytes.count == curve.privateByteCount else { throw invalid }
    switch curve {
    case .x25519:
      guard
        let key = unsafe withPointer(
          to: bytes, { unsafe EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, nil, $0.baseAddress, $0.count) })
      else { throw libraryError("take a private key") }
      unsafe self.key = unsafe key
      publicKey = AgreementPublicKey(.x25519, checked: unsafe rawPublicKey(key))
    case .p521:
      guard let (key, point) = unsafe P521.pair(of: bytes) else { throw invalid }
      unsafe self.key = unsafe key
      publicKey = AgreementPublicKey(.p521, checked: point)
    }
  }

  deinit { unsafe EVP_PKEY_free(key) }

  /// The private key's bytes.
  public func exported() throws(CryptographyError) -> SecretBytes {
    if curve == .p521 { return try unsafe P521.scalar(of: key) }
    var bytes = SecretBytes(zeros: curve.privateByteCount)
    let isWritten = bytes.withMutableBytes { span in
      unsafe span.withUnsafeMutableBufferPointer { buffer in
        var length = buffer.count
        return unsafe EVP_PKEY_get_raw_private_key(key, buffer.baseAddress, &length) == 1 && length == buffer.count
      }
    }
    guard isWritten else { throw libraryError("export a private key") }
    return bytes
  }

  /// What this key and another one's public half agree on (RFC 7748, section 6.1; SP 800-56A, section 5.7.1.2). Not a
  /// key: it goes through a derivation.
  ///
  /// - Throws: `invalidKey` for a key of another curve, and for one with which X25519 agrees on zeros.
  func agree(with other: AgreementPublicKey) throws(CryptographyError) -> SecretBytes {
    let invalid = CryptographyError(.invalidKey, doing: "agree on a secret", reason: "not a key to agree with")
    guard other.curve == curve else { throw invalid }
    let peer = unsafe other.opened()
    let context = unsafe EVP_PKEY_CTX_new_from_pkey(nil, key, nil)
    defer {
      unsafe EVP_PKEY_CTX_free(context)
      unsafe EVP_PKEY_free(peer)
    }
    var agreed = SecretBytes(zeros: curve.agreedByteCount)
    let succeeded = agreed.withMutableBytes { span in
      unsafe span.withUnsafeMutableBufferPointer { buffer in
        var length = buffer.count
        return unsafe EVP_PKEY_derive_init(context) == 1 && EVP_PKEY_derive_set_peer(context, peer) == 1
          && EVP_PKEY_derive(context, buffer.baseAddress, &length) == 1 && length == buffer.count
      }
    }
    guard succeeded else {
      ERR_clear_error()
      throw invalid
    }
    return agreed
  }
}
