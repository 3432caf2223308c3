/// Lends the memory of bytes to C with a pointer that is never null, since several functions of OpenSSL read null
/// as "leave as it is" where an empty string is meant.
func withPointer<Result>(
  to bytes: Span<UInt8>, _ body: (UnsafeBufferPointer<UInt8>) -> Result
) -> Result {
  unsafe bytes.withUnsafeBufferPointer { buffer in
    if !buffer.isEmpty { return unsafe body(buffer) }
    var nothing: UInt8 = 0
    return unsafe withUnsafePointer(to: &nothing) { unsafe body(UnsafeBufferPointer(start: $0, count: 0)) }
  }
}
