internal import COpenSSL

/// The public half of a key for agreement.
public struct AgreementPublicKey: Hashable, Sendable {
  public let curve: Curve
  /// The key as RFC 9180, section 7.1.1, serialises it.
  public let bytes: [UInt8]

  /// Takes a key that came from elsewhere.
  ///
  /// - Throws: `invalidKey` for another length, a compressed form, and a point that is not on P-521. Every 32 bytes are
  ///   a key of X25519; that two such keys agree on nothing shows when they agree.
  public init(_ curve: Curve, bytes: Span<UInt8>) throws(CryptographyError) {
    guard bytes.count == curve.publicByteCount else {
      throw AgreementPublicKey.invalid("\(bytes.count) bytes instead of \(curve.publicByteCount)")
    }
    if curve == .p521 {
      guard bytes[0] == 4 else { throw AgreementPublicKey.invalid("not an uncompressed point") }
      guard let key = unsafe P521.key(publicBytes: bytes, privateBytes: nil) else {
        throw AgreementPublicKey.invalid("not a point of the curve")
      }
      unsafe EVP_PKEY_free(key)
    }
    self.init(curve, checked: bytes.indices.map { bytes[$0] })
  }

  init(_ curve: Curve, checked bytes: [UInt8]) {
    self.curve = curve
    self.bytes = bytes
  }

  /// The key for OpenSSL; the caller frees it.
  func opened() -> OpaquePointer? {
    switch curve {
    case .x25519:
      unsafe withPointer(to: bytes.span) {
        unsafe EVP_PKEY_new_raw_public_key(EVP_PKEY_X25519, nil, $0.baseAddress, $0.count)
      }
    case .p521: unsafe P521.key(publicBytes: bytes.span, privateBytes: nil)
    }
  }

  private static func invalid(_ reason: String) -> CryptographyError {
    ERR_clear_error()
    return CryptographyError(.invalidKey, doing: "take a public key", reason: reason)
  }
}
