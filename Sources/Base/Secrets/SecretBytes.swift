internal import Glibc

/// Bytes that must not linger: wiped when they go, lent and never copied out, without a description.
@safe
public struct SecretBytes: ~Copyable, @unchecked Sendable {
  // SAFETY: the storage belongs to exactly one value and is not written after init.
  private let storage: UnsafeMutableRawBufferPointer

  public init(copying bytes: Span<UInt8>) {
    unsafe storage = .allocate(byteCount: max(1, bytes.count), alignment: 1)
    for index in bytes.indices { unsafe storage[index] = bytes[index] }
    count = bytes.count
  }

  public let count: Int

  deinit {
    unsafe explicit_bzero(storage.baseAddress!, storage.count)
    unsafe storage.deallocate()
  }

  /// Lends the bytes.
  public borrowing func withBytes<Result, Failure: Error>(
    _ body: (Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let buffer = unsafe UnsafeRawBufferPointer(start: storage.baseAddress, count: count)
    return try body(unsafe Span(_unsafeBytes: buffer))
  }
}
