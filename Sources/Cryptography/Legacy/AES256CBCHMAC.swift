public import Base
internal import COpenSSL

/// The authenticated encryption of old vaults: AES-256-CBC (NIST SP 800-38A, padding of PKCS #7), then HMAC-SHA-256 over
/// initialisation vector and ciphertext. New messages go through ``AES256GCM``.
///
/// A sealed message is the vector (16 bytes), the ciphertext, and the code (32 bytes), which is checked before anything
/// is decrypted.
public struct AES256CBCHMAC: ~Copyable, Sendable {
  public static let keyByteCount = 64
  private static let vectorByteCount = 16
  private static let codeByteCount = 32

  private let encryption: SymmetricKey
  private let authentication: SymmetricKey

  /// - Parameter bytes: the key of the cipher, then that of the code.
  /// - Throws: `invalidKey` for any length but 64.
  public init(key bytes: Span<UInt8>) throws(CryptographyError) {
    guard bytes.count == AES256CBCHMAC.keyByteCount else {
      throw CryptographyError(.invalidKey, doing: "take a key", reason: "\(bytes.count) bytes instead of 64")
    }
    let first = try SymmetricKey(bytes: bytes.extracting(..<SymmetricKey.byteCount))
    let second = try SymmetricKey(bytes: bytes.extracting(SymmetricKey.byteCount...))
    encryption = first
    authentication = second
  }

  /// Encrypts a message.
  public func seal(_ message: Span<UInt8>) throws(CryptographyError) -> [UInt8] {
    try seal(message, vector: randomBytes(AES256CBCHMAC.vectorByteCount))
  }

  func seal(_ message: Span<UInt8>, vector: [UInt8]) throws(CryptographyError) -> [UInt8] {
    var sealed = [UInt8](repeating: 0, count: vector.count + message.count / 16 * 16 + 16)
    for index in vector.indices { sealed[index] = vector[index] }
    let isDone = unsafe sealed.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return false }
      return unsafe transform(message, vector, sealing: true, base + vector.count) == buffer.count - vector.count
    }
    guard isDone else { throw libraryError("seal with AES-256-CBC") }
    sealed += try hmacSHA256(key: authentication.bytes, sealed.span)
    return sealed
  }

  /// Decrypts what ``seal(_:)`` made.
  ///
  /// - Throws: `authenticationFailed`, and nothing else for whatever is wrong with the message or the key.
  public func open(_ sealed: Span<UInt8>) throws(CryptographyError) -> SecretBytes {
    let failure = CryptographyError(.authenticationFailed, doing: "open with AES-256-CBC")
    let least = AES256CBCHMAC.vectorByteCount + 16 + AES256CBCHMAC.codeByteCount
    guard sealed.count >= least, sealed.count % 16 == 0 else { throw failure }
    let authenticated = sealed.extracting(..<(sealed.count - AES256CBCHMAC.codeByteCount))
    let code = try hmacSHA256(key: authentication.bytes, authenticated)
    guard equalInConstantTime(code.span, sealed.extracting(authenticated.count...)) else { throw failure }
    let vector = (0..<AES256CBCHMAC.vectorByteCount).map { authenticated[$0] }
    let encrypted = authenticated.extracting(vector.count...)
    var message = SecretBytes(zeros: encrypted.count)
    let length = message.withMutableBytes { span in
      unsafe span.withUnsafeMutableBufferPointer { buffer -> Int? in
        guard let base = buffer.baseAddress else { return nil }
        return unsafe transform(encrypted, vector, sealing: false, base)
      }
    }
    guard let length else {
      ERR_clear_error()
      throw failure
    }
    return message.prefix(length)
  }

  /// - Returns: how many bytes it wrote; nil where the library refused.
  private func transform(
    _ input: Span<UInt8>, _ vector: [UInt8], sealing: Bool, _ output: UnsafeMutablePointer<UInt8>
  ) -> Int? {
    guard input.count < Int32.max - 16, let context = unsafe EVP_CIPHER_CTX_new() else { return nil }
    defer { unsafe EVP_CIPHER_CTX_free(context) }
    return unsafe withPointer(to: encryption.bytes) { key in
      unsafe withPointer(to: input) { input in
        var (length, rest): (Int32, Int32) = (0, 0)
        guard
          unsafe EVP_CipherInit_ex2(
            context, EVP_aes_256_cbc(), key.baseAddress, vector, sealing ? 1 : 0, nil) == 1,
          unsafe EVP_CipherUpdate(context, output, &length, input.baseAddress, Int32(input.count)) == 1,
          unsafe EVP_CipherFinal_ex(context, output + Int(length), &rest) == 1
        else { return nil }
        return Int(length + rest)
      }
    }
  }
}
