internal import COpenSSL

/// An RSA public key of old vaults (RFC 8017).
public struct RSAPublicKey: Hashable, Sendable {
  public static let leastBits = 2_048
  public static let mostBits = 8_192

  /// The key in DER (`SubjectPublicKeyInfo`, RFC 5280), in the one form that it has.
  public let der: [UInt8]
  /// Of the modulus.
  public let bits: Int

  /// Reads a key in DER.
  ///
  /// - Throws: `invalidKey` for another algorithm, another size, anything behind the key, and any other encoding of the
  ///   same key.
  public init(der: Span<UInt8>) throws(CryptographyError) {
    let key = unsafe withPointer(to: der) { buffer in
      var position = buffer.baseAddress
      return unsafe d2i_PUBKEY(nil, &position, buffer.count)
    }
    guard let key = unsafe key else { throw RSAPublicKey.invalid("not a public key in DER") }
    defer { unsafe EVP_PKEY_free(key) }
    try unsafe self.init(of: key)
    guard self.der.count == der.count, der.indices.allSatisfy({ self.der[$0] == der[$0] }) else {
      throw RSAPublicKey.invalid("not the canonical encoding")
    }
  }

  init(of key: OpaquePointer) throws(CryptographyError) {
    guard unsafe EVP_PKEY_is_a(key, "RSA") == 1 else { throw RSAPublicKey.invalid("not an RSA key") }
    bits = Int(unsafe EVP_PKEY_get_bits(key))
    guard (RSAPublicKey.leastBits...RSAPublicKey.mostBits).contains(bits) else {
      throw RSAPublicKey.invalid("\(bits) bits")
    }
    var bytes = [UInt8](repeating: 0, count: Int(max(0, unsafe i2d_PUBKEY(key, nil))))
    let written = unsafe bytes.withUnsafeMutableBufferPointer { buffer in
      var position = buffer.baseAddress
      return unsafe i2d_PUBKEY(key, &position)
    }
    guard !bytes.isEmpty, Int(written) == bytes.count else { throw libraryError("take an RSA key") }
    der = bytes
  }

  /// Encrypts with OAEP and SHA-256 (RFC 8017, section 7.1): for vaults that are still in their old form.
  ///
  /// - Throws: `invalidParameter` for a message longer than the key's bytes less 66.
  public func encrypt(_ message: Span<UInt8>) throws(CryptographyError) -> [UInt8] {
    let size = (bits + 7) / 8
    guard message.count <= size - 66 else {
      throw CryptographyError(
        .invalidParameter, doing: "encrypt with RSA", reason: "a message of \(message.count) bytes")
    }
    let key = unsafe opened()
    let context = unsafe EVP_PKEY_CTX_new_from_pkey(nil, key, nil)
    defer {
      unsafe EVP_PKEY_CTX_free(context)
      unsafe EVP_PKEY_free(key)
    }
    var encrypted = [UInt8](repeating: 0, count: size)
    var length = size
    let isDone = unsafe withPointer(to: message) { message in
      unsafe EVP_PKEY_encrypt_init(context) == 1 && RSAPublicKey.setOAEP(context, .sha256)
        && EVP_PKEY_encrypt(context, &encrypted, &length, message.baseAddress, message.count) == 1
    }
    guard isDone, length == size else { throw libraryError("encrypt with RSA") }
    return encrypted
  }

  /// Checks a signature with PSS and SHA-256, the salt as long as the digest.
  ///
  /// - Throws: `authenticationFailed`, and nothing else for whatever is wrong with signature or message.
  public func verify(_ signature: Span<UInt8>, of message: Span<UInt8>) throws(CryptographyError) {
    let key = unsafe opened()
    let context = unsafe EVP_MD_CTX_new()
    defer {
      unsafe EVP_MD_CTX_free(context)
      unsafe EVP_PKEY_free(key)
    }
    let isValid = unsafe withPointer(to: signature) { signature in
      unsafe withPointer(to: message) { message in
        var parameters: OpaquePointer?
        return unsafe EVP_DigestVerifyInit(context, &parameters, HashAlgorithm.sha256.implementation, nil, key) == 1
          && RSAPublicKey.setPSS(parameters)
          && EVP_DigestVerify(context, signature.baseAddress, signature.count, message.baseAddress, message.count)
            == 1
      }
    }
    guard isValid else {
      ERR_clear_error()
      throw CryptographyError(.authenticationFailed, doing: "verify a signature")
    }
  }

  private func opened() -> OpaquePointer? {
    unsafe withPointer(to: der.span) { buffer in
      var position = buffer.baseAddress
      return unsafe d2i_PUBKEY(nil, &position, buffer.count)
    }
  }

  static func setOAEP(_ context: OpaquePointer?, _ padding: RSAKey.Padding) -> Bool {
    let hash = unsafe padding == .sha1 ? EVP_sha1() : HashAlgorithm.sha256.implementation
    return unsafe EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_OAEP_PADDING) == 1
      && EVP_PKEY_CTX_set_rsa_oaep_md(context, hash) == 1 && EVP_PKEY_CTX_set_rsa_mgf1_md(context, hash) == 1
  }

  static func setPSS(_ context: OpaquePointer?) -> Bool {
    unsafe EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1
      && EVP_PKEY_CTX_set_rsa_mgf1_md(context, HashAlgorithm.sha256.implementation) == 1
      && EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) == 1
  }

  static func invalid(_ reason: String) -> CryptographyError {
    ERR_clear_error()
    return CryptographyError(.invalidKey, doing: "take an RSA key", reason: reason)
  }
}
