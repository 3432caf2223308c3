internal import Base
internal import COpenSSL

/// Fills bytes from OpenSSL's generator (RAND_bytes(3)). Stops the process when there is no randomness: no caller
/// could go on safely.
public func fillWithRandomBytes(_ bytes: inout MutableSpan<UInt8>) {
  let filled = unsafe bytes.withUnsafeMutableBufferPointer { buffer in
    buffer.isEmpty ? 1 : unsafe RAND_bytes(buffer.baseAddress, Int32(buffer.count))
  }
  invariant(filled == 1, "the random generator failed")
}

/// That many random bytes, for salts and nonces. Keys are made by their own types, which wipe them.
public func randomBytes(_ count: Int) -> [UInt8] {
  var bytes = [UInt8](repeating: 0, count: count)
  var span = bytes.mutableSpan
  fillWithRandomBytes(&span)
  return bytes
}

/// Whether two byte strings are equal, in a time that depends on their lengths only (CRYPTO_memcmp(3)).
public func equalInConstantTime(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
  guard left.count == right.count else { return false }
  return unsafe left.withUnsafeBufferPointer { left in
    unsafe right.withUnsafeBufferPointer { right in
      left.isEmpty ? true : unsafe CRYPTO_memcmp(left.baseAddress, right.baseAddress, left.count) == 0
    }
  }
}
