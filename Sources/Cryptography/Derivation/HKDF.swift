internal import COpenSSL

/// The extract-and-expand key derivation of RFC 5869.
public enum HKDF {
  /// Fills the output with keying material made from a strong input key.
  ///
  /// - Parameters:
  ///   - inputKey: a secret of full entropy; passphrases go through ``Argon2id`` first.
  ///   - salt: may be empty.
  ///   - info: tells one use of the key from another.
  ///   - output: 1 to 8,160 bytes (255 blocks).
  /// - Throws: `invalidParameter` for other output lengths.
  public static func sha256(
    inputKey: Span<UInt8>, salt: Span<UInt8>, info: Span<UInt8>, into output: inout MutableSpan<UInt8>
  ) throws(CryptographyError) {
    let doing = "derive a key with HKDF-SHA256"
    guard output.count >= 1, output.count <= 255 * 32 else {
      throw CryptographyError(.invalidParameter, doing: doing, reason: "an output of \(output.count) bytes")
    }
    guard let context = unsafe EVP_PKEY_CTX_new_id(EVP_PKEY_HKDF, nil) else {
      throw libraryError(doing)
    }
    defer { unsafe EVP_PKEY_CTX_free(context) }
    var length = output.count
    let derived = unsafe withPointer(to: inputKey) { inputKey in
      unsafe withPointer(to: salt) { salt in
        unsafe withPointer(to: info) { info in
          unsafe output.withUnsafeMutableBufferPointer { output in
            unsafe EVP_PKEY_derive_init(context) == 1
              && EVP_PKEY_CTX_set_hkdf_md(context, SHA256Algorithm.shared) == 1
              && EVP_PKEY_CTX_set1_hkdf_key(context, inputKey.baseAddress, Int32(inputKey.count)) == 1
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
