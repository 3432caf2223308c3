internal import Base
internal import COpenSSL

/// An Ed25519 public key (RFC 8032).
public struct VerificationKey: Hashable, Sendable {
  public static let byteCount = 32
  public static let signatureByteCount = 64

  /// The 32 bytes of the key as RFC 8032 encodes it.
  public let bytes: [UInt8]

  /// Takes a key in its encoding of RFC 8032.
  ///
  /// - Throws: `invalidKey` for any length but 32. That the bytes are a point of the curve shows when verifying.
  public init(bytes: Span<UInt8>) throws(CryptographyError) {
    guard bytes.count == VerificationKey.byteCount else {
      throw CryptographyError(
        .invalidKey, doing: "take an Ed25519 public key", reason: "\(bytes.count) bytes instead of 32")
    }
    self.bytes = bytes.indices.map { bytes[$0] }
  }

  /// Checks a signature of 64 bytes over a message.
  ///
  /// - Throws: `authenticationFailed`, and nothing else for whatever is wrong with signature, message or key.
  public func verify(_ signature: Span<UInt8>, of message: Span<UInt8>) throws(CryptographyError) {
    let failure = CryptographyError(.authenticationFailed, doing: "verify a signature")
    guard signature.count == VerificationKey.signatureByteCount else { throw failure }
    let key = unsafe withPointer(to: bytes.span) {
      unsafe EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nil, $0.baseAddress, $0.count)
    }
    let context = unsafe EVP_MD_CTX_new()
    defer {
      unsafe EVP_MD_CTX_free(context)
      unsafe EVP_PKEY_free(key)
    }
    let valid = unsafe withPointer(to: signature) { signature in
      unsafe withPointer(to: message) { message in
        unsafe EVP_DigestVerifyInit(context, nil, nil, nil, key) == 1
          && EVP_DigestVerify(context, signature.baseAddress, signature.count, message.baseAddress, message.count)
            == 1
      }
    }
    guard valid else {
      ERR_clear_error()
      throw failure
    }
  }

  // MARK: PEM

  /// Reads a public key from PEM (`PUBLIC KEY`, RFC 8410).
  ///
  /// - Throws: `invalidKey` for another label, another algorithm, or anything around the block.
  public init(pem: Span<UInt8>) throws(CryptographyError) {
    let key = try unsafe PEM.readPublicKey(pem)
    defer { unsafe EVP_PKEY_free(key) }
    bytes = unsafe rawPublicKey(key)
  }

  /// The key as PEM (`PUBLIC KEY`, RFC 8410).
  public var pem: String {
    let key = unsafe withPointer(to: bytes.span) {
      unsafe EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nil, $0.baseAddress, $0.count)
    }
    defer { unsafe EVP_PKEY_free(key) }
    return unsafe PEM.withWritten({ unsafe PEM_write_bio_PUBKEY($0, key) }) { text in
      String(decoding: text.indices.map { text[$0] }, as: UTF8.self)
    }
  }
}

/// The 32 bytes of the public half of an Ed25519 key.
func rawPublicKey(_ key: OpaquePointer) -> [UInt8] {
  var bytes = [UInt8](repeating: 0, count: VerificationKey.byteCount)
  var length = bytes.count
  let got = unsafe EVP_PKEY_get_raw_public_key(key, &bytes, &length)
  invariant(got == 1 && length == bytes.count, "an Ed25519 key without its public half")
  return bytes
}
