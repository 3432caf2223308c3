internal import Base
internal import COpenSSL

/// An Ed25519 private key (RFC 8032), kept by OpenSSL, which wipes it at the end.
@safe
public struct SigningKey: ~Copyable, @unchecked Sendable {
  // SAFETY: Sendable because OpenSSL only reads the key after it was made and counts its references atomically.
  private let key: OpaquePointer

  /// A new random key.
  public init() throws(CryptographyError) {
    var seed = SecretBytes(zeros: 32)
    var bytes = seed.mutableBytes
    fillWithRandomBytes(&bytes)
    try self.init(seed: seed.bytes)
  }

  /// The key of a seed, which is what RFC 8032 calls the private key.
  ///
  /// - Throws: `invalidKey` for any length but 32.
  public init(seed: Span<UInt8>) throws(CryptographyError) {
    guard seed.count == 32,
      let key = unsafe withPointer(
        to: seed, { unsafe EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nil, $0.baseAddress, $0.count) })
    else {
      throw CryptographyError(
        .invalidKey, doing: "take an Ed25519 private key", reason: "\(seed.count) bytes instead of 32")
    }
    unsafe self.key = unsafe key
  }

  deinit { unsafe EVP_PKEY_free(key) }

  /// The public half.
  public var verificationKey: VerificationKey {
    do {
      return try VerificationKey(bytes: unsafe rawPublicKey(key).span)
    } catch {
      fatalError("an Ed25519 key without its public half: \(error)")
    }
  }

  /// Signs a message; the same key and message always give the same 64 bytes.
  public func sign(_ message: Span<UInt8>) throws(CryptographyError) -> [UInt8] {
    guard let context = unsafe EVP_MD_CTX_new() else { throw libraryError("sign") }
    defer { unsafe EVP_MD_CTX_free(context) }
    var signature = [UInt8](repeating: 0, count: VerificationKey.signatureByteCount)
    var length = signature.count
    let signed = unsafe withPointer(to: message) { message in
      unsafe signature.withUnsafeMutableBufferPointer { signature in
        unsafe EVP_DigestSignInit(context, nil, nil, nil, key) == 1
          && EVP_DigestSign(context, signature.baseAddress, &length, message.baseAddress, message.count) == 1
      }
    }
    guard signed, length == signature.count else { throw libraryError("sign") }
    return signature
  }

  // MARK: PEM

  /// Reads a key from unencrypted PEM (`PRIVATE KEY`, PKCS #8, RFC 8410).
  ///
  /// - Throws: `invalidKey` for another label, another algorithm, an encrypted key, or anything around the block.
  public init(pem: Span<UInt8>) throws(CryptographyError) {
    unsafe key = try PEM.readPrivateKey(pem)
  }

  /// Lends the key as unencrypted PEM (`PRIVATE KEY`, PKCS #8, RFC 8410); wiped when the closure returns.
  public func withPEM<Result>(_ body: (Span<UInt8>) -> Result) -> Result {
    unsafe PEM.withWritten({ unsafe PEM_write_bio_PrivateKey($0, key, nil, nil, 0, nil, nil) }, body)
  }
}
