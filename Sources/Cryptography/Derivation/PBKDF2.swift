internal import COpenSSL

/// The password-based derivation of RFC 8018, section 5.2, with HMAC-SHA-256. ``Argon2id`` is the better one; this is
/// for what was derived with it before.
public enum PBKDF2 {
  /// Fills the output from a passphrase. Blocks for the time that the rounds take.
  ///
  /// - Parameters:
  ///   - rounds: 1 to 10,000,000. Whoever takes the number from elsewhere has a floor and a ceiling of its own.
  ///   - output: 1 to 1,024 bytes.
  /// - Throws: `invalidParameter` for other rounds and lengths.
  public static func sha256(
    passphrase: Span<UInt8>, salt: Span<UInt8>, rounds: Int, into output: inout MutableSpan<UInt8>
  ) throws(CryptographyError) {
    let doing = "derive a key with PBKDF2"
    guard (1...10_000_000).contains(rounds) else {
      throw CryptographyError(.invalidParameter, doing: doing, reason: "\(rounds) rounds")
    }
    guard (1...1_024).contains(output.count) else {
      throw CryptographyError(.invalidParameter, doing: doing, reason: "an output of \(output.count) bytes")
    }
    let derived = unsafe withPointer(to: passphrase) { passphrase in
      unsafe withPointer(to: salt) { salt in
        unsafe output.withUnsafeMutableBufferPointer { output in
          unsafe PKCS5_PBKDF2_HMAC(
            UnsafeRawPointer(passphrase.baseAddress)?.assumingMemoryBound(to: CChar.self), Int32(passphrase.count),
            salt.baseAddress, Int32(salt.count), Int32(rounds), HashAlgorithm.sha256.implementation,
            Int32(output.count), output.baseAddress) == 1
        }
      }
    }
    guard derived else { throw libraryError(doing) }
  }
}
