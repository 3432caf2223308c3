public import Base
internal import COpenSSL

/// An RSA private key of old vaults (RFC 8017), kept by OpenSSL, which wipes it at the end.
///
/// Nothing new is protected with RSA: it opens what is there, and vouches once for the keys that follow it.
@safe
public struct RSAKey: ~Copyable, @unchecked Sendable {
  // SAFETY: Sendable because OpenSSL only reads the key after it was made and counts its references atomically.
  private let key: OpaquePointer

  public let publicKey: RSAPublicKey

  /// A new random key. Takes seconds at 4,096 bits.
  ///
  /// - Throws: `invalidParameter` for fewer than ``RSAPublicKey/leastBits``, or more than ``RSAPublicKey/mostBits``.
  public init(bits: Int) throws(CryptographyError) {
    guard (RSAPublicKey.leastBits...RSAPublicKey.mostBits).contains(bits) else {
      throw CryptographyError(.invalidParameter, doing: "make an RSA key", reason: "\(bits) bits")
    }
    let context = unsafe EVP_PKEY_CTX_new_from_name(nil, "RSA", nil)
    defer { unsafe EVP_PKEY_CTX_free(context) }
    var key: OpaquePointer?
    guard unsafe EVP_PKEY_keygen_init(context) == 1,
      unsafe EVP_PKEY_CTX_set_rsa_keygen_bits(context, Int32(bits)) == 1,
      unsafe EVP_PKEY_generate(context, &key) == 1, let key = unsafe key
    else { throw libraryError("make an RSA key") }
    try unsafe self.init(adopting: key)
  }

  /// Reads a key in DER (`PrivateKeyInfo`, RFC 5208).
  ///
  /// - Throws: `invalidKey` for another algorithm, another size, anything behind the key, and numbers that do not
  ///   belong together.
  public init(der: Span<UInt8>) throws(CryptographyError) {
    let key = unsafe withPointer(to: der) { buffer -> OpaquePointer? in
      var position = buffer.baseAddress
      guard let info = unsafe d2i_PKCS8_PRIV_KEY_INFO(nil, &position, buffer.count) else { return nil }
      defer { unsafe PKCS8_PRIV_KEY_INFO_free(info) }
      guard unsafe position == buffer.baseAddress.map({ unsafe $0 + buffer.count }) else { return nil }
      return unsafe EVP_PKCS82PKEY(info)
    }
    guard let key = unsafe key else { throw RSAPublicKey.invalid("not a private key in DER") }
    // The size first: whether the numbers of an endless key belong together takes endless.
    guard unsafe EVP_PKEY_get_bits(key) <= RSAPublicKey.mostBits, unsafe RSAKey.isPair(key) else {
      unsafe EVP_PKEY_free(key)
      throw RSAPublicKey.invalid("numbers that do not belong together")
    }
    try unsafe self.init(adopting: key)
  }

  private static func isPair(_ key: OpaquePointer) -> Bool {
    let context = unsafe EVP_PKEY_CTX_new_from_pkey(nil, key, nil)
    defer { unsafe EVP_PKEY_CTX_free(context) }
    return unsafe EVP_PKEY_pairwise_check(context) == 1
  }

  /// Takes the key, and frees it where it is not taken.
  private init(adopting key: OpaquePointer) throws(CryptographyError) {
    do {
      publicKey = try unsafe RSAPublicKey(of: key)
    } catch {
      unsafe EVP_PKEY_free(key)
      throw error
    }
    unsafe self.key = unsafe key
  }

  deinit { unsafe EVP_PKEY_free(key) }

  /// The key in DER (`PrivateKeyInfo`, RFC 5208).
  public func exported() throws(CryptographyError) -> SecretBytes {
    guard let info = unsafe EVP_PKEY2PKCS8(key) else { throw libraryError("export an RSA key") }
    defer { unsafe PKCS8_PRIV_KEY_INFO_free(info) }
    var bytes = SecretBytes(zeros: Int(unsafe i2d_PKCS8_PRIV_KEY_INFO(info, nil)))
    let written = bytes.withMutableBytes { span in
      unsafe span.withUnsafeMutableBufferPointer { buffer in
        var position = buffer.baseAddress
        return unsafe i2d_PKCS8_PRIV_KEY_INFO(info, &position)
      }
    }
    guard Int(written) == bytes.count else { throw libraryError("export an RSA key") }
    return bytes
  }

  /// The hash of OAEP, for its label and its mask alike.
  public enum Padding: Sendable {
    case sha256
    /// Read only: nothing is encrypted with it.
    case sha1
  }

  /// Decrypts with OAEP (RFC 8017, section 7.1).
  ///
  /// - Throws: `authenticationFailed`, and nothing else for whatever is wrong with the message.
  public func decrypt(_ encrypted: Span<UInt8>, _ padding: Padding) throws(CryptographyError) -> SecretBytes {
    let failure = CryptographyError(.authenticationFailed, doing: "decrypt with RSA")
    guard encrypted.count == (publicKey.bits + 7) / 8 else { throw failure }
    let context = unsafe EVP_PKEY_CTX_new_from_pkey(nil, key, nil)
    defer { unsafe EVP_PKEY_CTX_free(context) }
    var message = SecretBytes(zeros: encrypted.count)
    var length = message.count
    let isOpen = message.withMutableBytes { span in
      unsafe span.withUnsafeMutableBufferPointer { output in
        unsafe withPointer(to: encrypted) { input in
          unsafe EVP_PKEY_decrypt_init(context) == 1 && RSAPublicKey.setOAEP(context, padding)
            && EVP_PKEY_decrypt(context, output.baseAddress, &length, input.baseAddress, input.count) == 1
        }
      }
    }
    guard isOpen else {
      ERR_clear_error()
      throw failure
    }
    return message.prefix(length)
  }

  /// Signs a message with PSS and SHA-256, the salt as long as the digest (RFC 8017, section 8.1).
  public func sign(_ message: Span<UInt8>) throws(CryptographyError) -> [UInt8] {
    guard let context = unsafe EVP_MD_CTX_new() else { throw libraryError("sign with RSA") }
    defer { unsafe EVP_MD_CTX_free(context) }
    var signature = [UInt8](repeating: 0, count: (publicKey.bits + 7) / 8)
    var length = signature.count
    let isSigned = unsafe withPointer(to: message) { message in
      var parameters: OpaquePointer?
      return unsafe EVP_DigestSignInit(context, &parameters, HashAlgorithm.sha256.implementation, nil, key) == 1
        && RSAPublicKey.setPSS(parameters)
        && EVP_DigestSign(context, &signature, &length, message.baseAddress, message.count) == 1
    }
    guard isSigned, length == signature.count else { throw libraryError("sign with RSA") }
    return signature
  }
}
