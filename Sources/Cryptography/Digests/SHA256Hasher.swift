internal import Base
internal import COpenSSL

/// A reusable SHA-256 (FIPS 180-4) that hashes millions of rows without allocating.
///
/// The algorithm is fetched once for the process and each hasher keeps one context, which OpenSSL resets in place
/// when it is initialised without a type (EVP_DigestInit(3)). Measured: 0.11 µs for 100 bytes, 0.21 µs for 250;
/// the low-level functions would save a fifth and are deprecated. A hasher belongs to one thread at a time.
@safe
public struct SHA256Hasher: ~Copyable, @unchecked Sendable {
  // SAFETY: Sendable because the context is owned by exactly one hasher and nothing else points to it.
  private let context: OpaquePointer
  private var underWay = false

  public init() {
    guard let context = unsafe EVP_MD_CTX_new() else { fatalError("out of memory for a digest context") }
    unsafe self.context = unsafe context
    let ready = unsafe EVP_DigestInit_ex2(context, SHA256Algorithm.shared, nil)
    invariant(ready == 1, "SHA-256 cannot be initialised")
  }

  deinit { unsafe EVP_MD_CTX_free(context) }

  /// The digest of the given bytes. What was given to ``update(_:)`` before and not finished is forgotten.
  public mutating func digest(of bytes: RawSpan) -> Digest256 {
    if underWay { reset() }
    update(bytes)
    return finish()
  }

  public mutating func digest(of bytes: Span<UInt8>) -> Digest256 { digest(of: unsafe bytes.bytes) }

  /// Adds bytes to the message under way.
  public mutating func update(_ bytes: RawSpan) {
    let added = unsafe bytes.withUnsafeBytes { unsafe EVP_DigestUpdate(context, $0.baseAddress, $0.count) }
    underWay = true
    invariant(added == 1, "SHA-256 refused an update")
  }

  public mutating func update(_ bytes: Span<UInt8>) { update(unsafe bytes.bytes) }

  /// The digest of all updates since the start or the last finish; the hasher is then ready for the next message.
  public mutating func finish() -> Digest256 {
    var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    let done = unsafe withUnsafeMutableBytes(of: &words) {
      unsafe EVP_DigestFinal_ex(context, $0.baseAddress, nil)
    }
    invariant(done == 1, "SHA-256 refused to finish")
    reset()
    return Digest256(words.0.bigEndian, words.1.bigEndian, words.2.bigEndian, words.3.bigEndian)
  }

  private mutating func reset() {
    let ready = unsafe EVP_DigestInit_ex2(context, nil, nil)
    underWay = false
    invariant(ready == 1, "SHA-256 cannot be reset")
  }
}

/// The implementation of SHA-256, fetched once: fetching takes longer than hashing a row.
enum SHA256Algorithm {
  // SAFETY: a fetched EVP_MD is immutable and reference-counted (EVP_MD_fetch(3)); this reference is never freed.
  nonisolated(unsafe) static let shared: OpaquePointer = {
    guard let algorithm = unsafe EVP_MD_fetch(nil, "SHA256", nil) else { fatalError("OpenSSL has no SHA-256") }
    return unsafe algorithm
  }()
}

/// The SHA-256 of bytes that are not hashed often enough to keep a hasher for.
public func sha256(_ bytes: [UInt8]) -> Digest256 {
  var hasher = SHA256Hasher()
  return hasher.digest(of: bytes.span)
}
