internal import COpenSSL

/// Bytes that must not outlive their use: owned once, wiped when they end, neither printed nor encoded.
@safe
struct SensitiveBytes: ~Copyable, @unchecked Sendable {
  // SAFETY: Sendable because the memory is owned by exactly one value and nothing else points to it.
  private let base: UnsafeMutablePointer<UInt8>
  let count: Int

  init(zeros count: Int) {
    self.count = count
    unsafe base = .allocate(capacity: max(1, count))
    unsafe base.initialize(repeating: 0, count: max(1, count))
  }

  init(copying bytes: Span<UInt8>) {
    self.init(zeros: bytes.count)
    for index in bytes.indices { unsafe base[index] = bytes[index] }
  }

  deinit {
    unsafe OPENSSL_cleanse(base, count)
    unsafe base.deallocate()
  }

  var bytes: Span<UInt8> {
    @_lifetime(borrow self)
    get { unsafe _overrideLifetime(Span(_unsafeStart: base, count: count), borrowing: self) }
  }

  var mutableBytes: MutableSpan<UInt8> {
    @_lifetime(&self)
    mutating get { unsafe _overrideLifetime(MutableSpan(_unsafeStart: base, count: count), mutating: &self) }
  }
}

/// Overwrites bytes in a way that the compiler does not leave out (OPENSSL_cleanse(3)).
func wipe(_ bytes: inout [UInt8]) {
  unsafe bytes.withUnsafeMutableBytes { unsafe OPENSSL_cleanse($0.baseAddress, $0.count) }
  bytes.removeAll()
}
