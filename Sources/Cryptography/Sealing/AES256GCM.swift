internal import Base
internal import COpenSSL

/// Authenticated encryption with AES-256-GCM (NIST SP 800-38D): nonces of 12 bytes, tags of 16.
///
/// A nonce must never be used twice with one key; with random nonces one key is good for 2³² messages. Keeps the
/// expanded key in a context of OpenSSL, which wipes it at the end. Belongs to one thread at a time.
@safe
public struct AES256GCM: ~Copyable, @unchecked Sendable {
  // SAFETY: Sendable because the context is owned by exactly one value and nothing else points to it.
  private let context: OpaquePointer

  public static let nonceByteCount = 12
  public static let tagByteCount = 16

  public init(key: borrowing SymmetricKey) {
    guard let context = unsafe EVP_CIPHER_CTX_new() else { fatalError("out of memory for a cipher context") }
    unsafe self.context = unsafe context
    let ready = unsafe withPointer(to: key.bytes) {
      unsafe EVP_CipherInit_ex2(context, EVP_aes_256_gcm(), $0.baseAddress, nil, 1, nil)
    }
    invariant(ready == 1, "AES-256-GCM cannot be initialised")
  }

  deinit { unsafe EVP_CIPHER_CTX_free(context) }

  /// Encrypts a message and appends ciphertext and tag to the output.
  ///
  /// - Parameters:
  ///   - nonce: 12 bytes, never used before with this key.
  ///   - authenticating: data that is not encrypted and must be the same when opening; may be empty.
  public mutating func seal(
    _ message: Span<UInt8>, nonce: Span<UInt8>, authenticating: Span<UInt8> = Span(),
    appendingTo output: inout [UInt8]
  ) throws(CryptographyError) {
    let doing = "seal with AES-256-GCM"
    try begin(nonce, authenticating, sealing: true, doing)
    let start = output.count
    output.append(contentsOf: repeatElement(0, count: message.count + AES256GCM.tagByteCount))
    let sealed = unsafe output.withUnsafeMutableBufferPointer { output in
      guard let target = unsafe output.baseAddress.map({ unsafe $0 + start }),
        unsafe transform(message, into: target)
      else { return false }
      var length: Int32 = 0
      return unsafe EVP_CipherFinal_ex(context, target + message.count, &length) == 1
        && EVP_CIPHER_CTX_ctrl(
          context, EVP_CTRL_AEAD_GET_TAG, Int32(AES256GCM.tagByteCount), target + message.count) == 1
    }
    guard sealed else { throw libraryError(doing) }
  }

  /// Decrypts what ``seal(_:nonce:authenticating:appendingTo:)`` made and appends the message to the output.
  ///
  /// - Throws: `authenticationFailed`, and nothing else for whatever is wrong with key, nonce or data; the output
  ///   is then as before and what was decrypted is wiped.
  public mutating func open(
    _ sealed: Span<UInt8>, nonce: Span<UInt8>, authenticating: Span<UInt8> = Span(),
    appendingTo output: inout [UInt8]
  ) throws(CryptographyError) {
    let doing = "open with AES-256-GCM"
    guard sealed.count >= AES256GCM.tagByteCount else {
      throw CryptographyError(.authenticationFailed, doing: doing)
    }
    try begin(nonce, authenticating, sealing: false, doing)
    let count = sealed.count - AES256GCM.tagByteCount
    let start = output.count
    // One byte more than the message, so that there is an address to write to when the message is empty.
    output.append(contentsOf: repeatElement(0, count: count + 1))
    let opened = unsafe output.withUnsafeMutableBufferPointer { output in
      guard let target = unsafe output.baseAddress.map({ unsafe $0 + start }) else { return false }
      let authentic =
        unsafe transform(sealed.extracting(first: count), into: target) && endOpening(sealed, target + count)
      if !authentic { unsafe OPENSSL_cleanse(target, count) }
      return authentic
    }
    output.removeLast(opened ? 1 : count + 1)
    guard opened else {
      ERR_clear_error()
      throw CryptographyError(.authenticationFailed, doing: doing)
    }
  }

  private mutating func begin(
    _ nonce: Span<UInt8>, _ authenticating: Span<UInt8>, sealing: Bool, _ doing: String
  ) throws(CryptographyError) {
    guard nonce.count == AES256GCM.nonceByteCount else {
      throw CryptographyError(.invalidParameter, doing: doing, reason: "a nonce of \(nonce.count) bytes")
    }
    let ready = unsafe withPointer(to: nonce) {
      unsafe EVP_CipherInit_ex2(context, nil, nil, $0.baseAddress, sealing ? 1 : 0, nil) == 1
    }
    guard ready, unsafe transform(authenticating, into: nil) else { throw libraryError(doing) }
  }

  /// Runs bytes through the cipher in pieces that fit C's int; without a target they are only authenticated.
  private func transform(_ bytes: Span<UInt8>, into target: UnsafeMutablePointer<UInt8>?) -> Bool {
    unsafe withPointer(to: bytes) { bytes in
      var done = 0
      while done < bytes.count {
        let piece = min(bytes.count - done, 1 << 30)
        var length: Int32 = 0
        let source = unsafe bytes.baseAddress.map { unsafe $0 + done }
        guard unsafe EVP_CipherUpdate(context, target.map { unsafe $0 + done }, &length, source, Int32(piece)) == 1
        else { return false }
        done += piece
      }
      return true
    }
  }

  private func endOpening(_ sealed: Span<UInt8>, _ target: UnsafeMutablePointer<UInt8>) -> Bool {
    unsafe withPointer(to: sealed.extracting(last: AES256GCM.tagByteCount)) { tag in
      var length: Int32 = 0
      let expected = unsafe UnsafeMutablePointer(mutating: tag.baseAddress)
      return unsafe EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, Int32(tag.count), expected) == 1
        && EVP_CipherFinal_ex(context, target, &length) == 1
    }
  }
}
