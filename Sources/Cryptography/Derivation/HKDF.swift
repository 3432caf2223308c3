internal import COpenSSL

/// The extract-and-expand key derivation of RFC 5869.
public enum HKDF {
  /// Fills the output with keying material made from a strong input key.
  ///
  /// - Parameters:
  ///   - inputKey: a secret of full entropy; passphrases go through ``Argon2id`` first.
  ///   - salt: may be empty.
  ///   - info: tells one use of the key from another.
  ///   - output: 1 byte to 255 digests.
  /// - Throws: `invalidParameter` for other output lengths.
  public static func derive(
    _ hash: HashAlgorithm, inputKey: Span<UInt8>, salt: Span<UInt8>, info: Span<UInt8>,
    into output: inout MutableSpan<UInt8>
  ) throws(CryptographyError) {
    try run(hash, EVP_PKEY_HKDEF_MODE_EXTRACT_AND_EXPAND, inputKey, salt, info, &output)
  }

  /// As ``derive(_:inputKey:salt:info:into:)`` with SHA-256.
  public static func sha256(
    inputKey: Span<UInt8>, salt: Span<UInt8>, info: Span<UInt8>, into output: inout MutableSpan<UInt8>
  ) throws(CryptographyError) {
    try derive(.sha256, inputKey: inputKey, salt: salt, info: info, into: &output)
  }

  /// The first half alone: a key of one digest.
  static func extract(
    _ hash: HashAlgorithm, inputKey: Span<UInt8>, salt: Span<UInt8>, into output: inout MutableSpan<UInt8>
  ) throws(CryptographyError) {
    try run(hash, EVP_PKEY_HKDEF_MODE_EXTRACT_ONLY, inputKey, salt, Span(), &output)
  }

  /// The second half alone.
  ///
  /// - Parameter key: what ``extract(_:inputKey:salt:into:)`` gave.
  static func expand(
    _ hash: HashAlgorithm, key: Span<UInt8>, info: Span<UInt8>, into output: inout MutableSpan<UInt8>
  ) throws(CryptographyError) {
    try run(hash, EVP_PKEY_HKDEF_MODE_EXPAND_ONLY, key, Span(), info, &output)
  }

  private static func run(
    _ hash: HashAlgorithm, _ mode: Int32, _ key: Span<UInt8>, _ salt: Span<UInt8>, _ info: Span<UInt8>,
    _ output: inout MutableSpan<UInt8>
  ) throws(CryptographyError) {
    let doing = "derive a key with HKDF"
    guard output.count >= 1, output.count <= 255 * hash.byteCount else {
      throw CryptographyError(.invalidParameter, doing: doing, reason: "an output of \(output.count) bytes")
    }
    guard let context = unsafe EVP_PKEY_CTX_new_id(EVP_PKEY_HKDF, nil) else { throw libraryError(doing) }
    defer { unsafe EVP_PKEY_CTX_free(context) }
    var length = output.count
    let derived = unsafe withPointer(to: key) { key in
      unsafe withPointer(to: salt) { salt in
        unsafe withPointer(to: info) { info in
          unsafe output.withUnsafeMutableBufferPointer { output in
            unsafe EVP_PKEY_derive_init(context) == 1
              && EVP_PKEY_CTX_set_hkdf_mode(context, mode) == 1
              && EVP_PKEY_CTX_set_hkdf_md(context, hash.implementation) == 1
              && EVP_PKEY_CTX_set1_hkdf_key(context, key.baseAddress, Int32(key.count)) == 1
              && EVP_PKEY_CTX_set1_hkdf_salt(context, salt.baseAddress, Int32(salt.count)) == 1
              && EVP_PKEY_CTX_add1_hkdf_info(context, info.baseAddress, Int32(info.count)) == 1
              && EVP_PKEY_derive(context, output.baseAddress, &length) == 1
          }
        }
      }
    }
    guard derived, length == output.count else { throw libraryError(doing) }
  }
}

/// The message authentication code of RFC 2104 with SHA-256: 32 bytes.
func hmacSHA256(key: Span<UInt8>, _ message: Span<UInt8>) throws(CryptographyError) -> [UInt8] {
  var code = [UInt8](repeating: 0, count: 32)
  let made = unsafe withPointer(to: key) { key in
    unsafe withPointer(to: message) { message in
      unsafe code.withUnsafeMutableBufferPointer { code in
        unsafe HMAC(
          SHA256Algorithm.shared, key.baseAddress, Int32(key.count), message.baseAddress, message.count,
          code.baseAddress, nil) != nil
      }
    }
  }
  guard made else { throw libraryError("authenticate with HMAC-SHA256") }
  return code
}
