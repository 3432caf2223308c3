public import Base
internal import COpenSSL

/// What went wrong in this module.
///
/// A failed decryption or verification tells nothing but ``Code/authenticationFailed``, so that an attacker
/// learns nothing from the answer.
public struct CryptographyError: LayeredError {
  public enum Code: String, Sendable {
    /// The data or the key is not the one that was sealed, or the signature is not of this key.
    case authenticationFailed
    /// A key in an unknown form, of the wrong length, or of another algorithm.
    case invalidKey
    /// A number outside of what the algorithm or this module accepts.
    case invalidParameter
    /// A file that is not in the expected format, or of an unknown version.
    case unknownFormat
    /// The key at hand is not the one that the file names.
    case otherKey
    /// A file could not be read or written.
    case file
    /// The consumer of the work asked to stop.
    case interrupted
    /// The cryptographic library refused the operation.
    case library
  }

  public let code: Code
  public let doing: String
  public let reason: String
  public let advice: String?
  public let cause: (any Error)?

  public init(
    _ code: Code, doing: String, reason: String? = nil, advice: String? = nil, cause: (any Error)? = nil
  ) {
    self.code = code
    self.doing = doing
    self.reason = reason ?? code.rawValue
    self.advice = advice
    self.cause = cause
  }
}

/// The error for a refusal by OpenSSL that no input explains. Its own error queue, which may quote data, is
/// emptied and not told.
func libraryError(_ doing: String) -> CryptographyError {
  ERR_clear_error()
  return CryptographyError(.library, doing: doing, reason: "the cryptographic library refused")
}
