internal import CLinux
internal import Glibc

/// Bytes that open something: keys, passwords, tokens.
///
/// They lie in pages of their own that are locked in memory where the system allows it, left out of core dumps,
/// and wiped at the end of the scope. There is no description, no copy by assignment, and no way into a
/// `String`; who needs them borrows them by ``withBytes(_:)``.
@safe
public struct SecretBytes: ~Copyable, @unchecked Sendable {
  // SAFETY: Sendable because the memory belongs to exactly one value and nothing else points to it.

  public let count: Int
  /// Whether the pages are kept out of swap; false where `RLIMIT_MEMLOCK` is used up.
  public let isLocked: Bool
  let memory: UnsafeMutableRawBufferPointer

  /// Bytes that are all zero, to be filled by ``withMutableBytes(_:)``.
  public init(zeros count: Int) {
    let size = max(1, count)
    let address = unsafe mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let address = unsafe address, unsafe address != MAP_FAILED else {
      fatalError("no memory for a secret of \(size) bytes: \(systemErrorText(errno))")
    }
    // Locking and leaving out of dumps are defences in depth: without them a secret is still a secret.
    isLocked = unsafe mlock(address, size) == 0
    _ = unsafe madvise(address, size, MADV_DONTDUMP)
    unsafe memory = UnsafeMutableRawBufferPointer(start: address, count: size)
    self.count = count
  }

  deinit {
    guard let address = unsafe memory.baseAddress else { return }
    unsafe explicit_bzero(address, memory.count)
    unsafe munmap(address, memory.count)
  }

  public init(copying bytes: Span<UInt8>) {
    self.init(zeros: bytes.count)
    for index in bytes.indices { unsafe memory[index] = bytes[index] }
  }

  /// Takes the bytes out of an array and wipes it. Copies that were made of the array before are not reached.
  public init(taking bytes: inout [UInt8]) {
    self.init(copying: bytes.span)
    unsafe bytes.withUnsafeMutableBytes {
      if let address = $0.baseAddress { unsafe explicit_bzero(address, $0.count) }
    }
    bytes.removeAll()
  }

  /// Random bytes from the kernel (getrandom(2)).
  public static func random(count: Int) -> SecretBytes {
    let secret = SecretBytes(zeros: count)
    var filled = 0
    while filled < count {
      let got = unsafe getrandom(secret.memory.baseAddress! + filled, count - filled, 0)
      invariant(got > 0 || errno == EINTR, "the kernel gives no random bytes")
      if got > 0 { filled += got }
    }
    return secret
  }

  /// A second secret with the same bytes.
  public func copy() -> SecretBytes { withBytes { SecretBytes(copying: $0) } }

  /// The bytes, lent. What is copied out of them is no longer wiped.
  public var bytes: Span<UInt8> {
    @_lifetime(borrow self)
    get {
      unsafe _overrideLifetime(
        Span<UInt8>(_unsafeBytes: UnsafeRawBufferPointer(rebasing: memory[..<count])), borrowing: self)
    }
  }

  /// The bytes, lent for writing.
  public var mutableBytes: MutableSpan<UInt8> {
    @_lifetime(&self)
    mutating get {
      unsafe _overrideLifetime(
        MutableSpan<UInt8>(_unsafeBytes: UnsafeMutableRawBufferPointer(rebasing: memory[..<count])), mutating: &self
      )
    }
  }

  /// Lends the bytes. What is copied out of them is no longer wiped.
  public func withBytes<Result: ~Copyable, Failure: Error>(
    _ body: (Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(bytes)
  }

  /// Lends the bytes for writing.
  public mutating func withMutableBytes<Result: ~Copyable, Failure: Error>(
    _ body: (inout MutableSpan<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    var bytes = mutableBytes
    return try body(&bytes)
  }

  /// The first bytes as a secret of their own; this one is wiped.
  public consuming func prefix(_ length: Int) -> SecretBytes {
    invariant(length >= 0 && length <= count, "the first \(length) bytes of \(count)")
    return withBytes { SecretBytes(copying: $0.extracting(..<length)) }
  }
}

/// Keeps the memory of this process out of core dumps and out of reach of debuggers of the same user
/// (setrlimit(2), `PR_SET_DUMPABLE` of prctl(2)). For the main program, before the first secret.
///
/// - Returns: false where the system refused.
public func disableCoreDumps() -> Bool {
  var none = rlimit(rlim_cur: 0, rlim_max: 0)
  let isLimited = unsafe setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none) == 0
  return clinux_set_dumpable(0) == 0 && isLimited
}
