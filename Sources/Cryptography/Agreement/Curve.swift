/// The curves on which keys are agreed.
public enum Curve: String, Sendable, Hashable, Codable {
  /// RFC 7748.
  case x25519
  /// NIST SP 800-186, section 3.2.1.5.
  case p521

  /// Bytes of a private key: the scalar, big-endian for P-521 (RFC 9180, section 7.1.2).
  public var privateByteCount: Int {
    switch self {
    case .x25519: 32
    case .p521: 66
    }
  }

  /// Bytes of a public key: for P-521 the uncompressed point (SEC 1, section 2.3.3).
  public var publicByteCount: Int {
    switch self {
    case .x25519: 32
    case .p521: 133
    }
  }

  /// Bytes of what two keys agree on: for P-521 the x coordinate.
  var agreedByteCount: Int {
    switch self {
    case .x25519: 32
    case .p521: 66
    }
  }
}
