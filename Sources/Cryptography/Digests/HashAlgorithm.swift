internal import COpenSSL

/// The hash functions that derivations and signatures are made with (FIPS 180-4).
public enum HashAlgorithm: Sendable, Hashable {
  case sha256, sha512

  /// Bytes of a digest.
  public var byteCount: Int {
    switch self {
    case .sha256: 32
    case .sha512: 64
    }
  }

  var implementation: OpaquePointer {
    switch self {
    case .sha256: unsafe SHA256Algorithm.shared
    case .sha512: unsafe SHA512Algorithm.shared
    }
  }
}

private enum SHA512Algorithm {
  // SAFETY: a fetched EVP_MD is immutable and reference-counted (EVP_MD_fetch(3)); this reference is never freed.
  nonisolated(unsafe) static let shared: OpaquePointer = {
    guard let algorithm = unsafe EVP_MD_fetch(nil, "SHA512", nil) else { fatalError("OpenSSL has no SHA-512") }
    return unsafe algorithm
  }()
}
