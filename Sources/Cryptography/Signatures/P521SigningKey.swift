public import Base
internal import COpenSSL

/// An ECDSA private key on P-521 that signs with SHA-512 (FIPS 186-5), kept by OpenSSL, which wipes it at the end.
@safe
public struct P521SigningKey: ~Copyable, @unchecked Sendable {
  // SAFETY: Sendable because OpenSSL only reads the key after it was made and counts its references atomically.
  private let key: OpaquePointer

  public let verificationKey: P521VerificationKey

  /// A new random key.
  public init() throws(CryptographyError) {
    let scalar = try AgreementKey(.p521).exported()
    try self.init(bytes: scalar.bytes)
  }

  /// Takes the key of a scalar of 66 bytes, big-endian.
  ///
  /// - Throws: `invalidKey` for another length, and a scalar that is none of the curve's.
  public init(bytes: Span<UInt8>) throws(CryptographyError) {
    guard bytes.count == Curve.p521.privateByteCount, let (key, point) = unsafe P521.pair(of: bytes) else {
      throw CryptographyError(.invalidKey, doing: "take a signing key", reason: "not a scalar of the curve")
    }
    unsafe self.key = unsafe key
    verificationKey = P521VerificationKey(point: AgreementPublicKey(.p521, checked: point))
  }

  deinit { unsafe EVP_PKEY_free(key) }

  /// The private key's bytes.
  public func exported() throws(CryptographyError) -> SecretBytes { try unsafe P521.scalar(of: key) }

  /// Signs a message: 132 bytes, r and then s (IEEE 1363-2000). Two signatures of one message differ.
  public func sign(_ message: Span<UInt8>) throws(CryptographyError) -> [UInt8] {
    let doing = "sign with ECDSA"
    guard let context = unsafe EVP_MD_CTX_new() else { throw libraryError(doing) }
    defer { unsafe EVP_MD_CTX_free(context) }
    // The longest form in DER: two integers of 67 bytes with their headers.
    var encoded = [UInt8](repeating: 0, count: 144)
    var length = encoded.count
    let isSigned = unsafe withPointer(to: message) { message in
      unsafe EVP_DigestSignInit(context, nil, HashAlgorithm.sha512.implementation, nil, key) == 1
        && EVP_DigestSign(context, &encoded, &length, message.baseAddress, message.count) == 1
    }
    guard isSigned, let signature = P521Signature.fixed(encoded[..<length]) else { throw libraryError(doing) }
    return signature
  }
}

/// An ECDSA public key on P-521.
public struct P521VerificationKey: Hashable, Sendable {
  private let point: AgreementPublicKey

  /// The uncompressed point: 133 bytes.
  public var bytes: [UInt8] { point.bytes }

  /// - Throws: `invalidKey` for what is no uncompressed point of the curve.
  public init(bytes: Span<UInt8>) throws(CryptographyError) { point = try AgreementPublicKey(.p521, bytes: bytes) }

  init(point: AgreementPublicKey) { self.point = point }

  /// Checks a signature of 132 bytes over a message.
  ///
  /// - Throws: `authenticationFailed`, and nothing else for whatever is wrong with signature, message or key.
  public func verify(_ signature: Span<UInt8>, of message: Span<UInt8>) throws(CryptographyError) {
    let failure = CryptographyError(.authenticationFailed, doing: "verify a signature")
    guard let encoded = P521Signature.encoded(signature) else { throw failure }
    let key = unsafe point.opened()
    let context = unsafe EVP_MD_CTX_new()
    defer {
      unsafe EVP_MD_CTX_free(context)
      unsafe EVP_PKEY_free(key)
    }
    let isValid = unsafe withPointer(to: message) { message in
      unsafe EVP_DigestVerifyInit(context, nil, HashAlgorithm.sha512.implementation, nil, key) == 1
        && EVP_DigestVerify(context, encoded, encoded.count, message.baseAddress, message.count) == 1
    }
    guard isValid else {
      ERR_clear_error()
      throw failure
    }
  }
}

/// The two forms of an ECDSA signature: of fixed length, as it is stored, and DER, as OpenSSL has it.
enum P521Signature {
  private static let half = 66
  static let byteCount = 2 * half

  static func fixed(_ encoded: ArraySlice<UInt8>) -> [UInt8]? {
    let bytes = Array(encoded)
    return unsafe bytes.withUnsafeBufferPointer { buffer in
      var position = buffer.baseAddress
      guard let signature = unsafe d2i_ECDSA_SIG(nil, &position, buffer.count) else { return nil }
      defer { unsafe ECDSA_SIG_free(signature) }
      var fixed = [UInt8](repeating: 0, count: byteCount)
      let isWritten = unsafe fixed.withUnsafeMutableBufferPointer { fixed in
        guard let base = fixed.baseAddress else { return false }
        return unsafe BN_bn2binpad(ECDSA_SIG_get0_r(signature), base, Int32(half)) == half
          && BN_bn2binpad(ECDSA_SIG_get0_s(signature), base + half, Int32(half)) == half
      }
      return isWritten ? fixed : nil
    }
  }

  /// nil for another length.
  static func encoded(_ fixed: Span<UInt8>) -> [UInt8]? {
    guard fixed.count == byteCount, let signature = unsafe ECDSA_SIG_new() else { return nil }
    defer { unsafe ECDSA_SIG_free(signature) }
    return unsafe withPointer(to: fixed) { fixed in
      let r = unsafe BN_bin2bn(fixed.baseAddress, Int32(half), nil)
      let s = unsafe BN_bin2bn(fixed.baseAddress.map { unsafe $0 + half }, Int32(half), nil)
      guard unsafe ECDSA_SIG_set0(signature, r, s) == 1 else {
        unsafe BN_free(r)
        unsafe BN_free(s)
        return nil
      }
      var encoded = [UInt8](repeating: 0, count: Int(unsafe i2d_ECDSA_SIG(signature, nil)))
      let written = unsafe encoded.withUnsafeMutableBufferPointer { buffer in
        var position = buffer.baseAddress
        return unsafe i2d_ECDSA_SIG(signature, &position)
      }
      return Int(written) == encoded.count ? encoded : nil
    }
  }
}
