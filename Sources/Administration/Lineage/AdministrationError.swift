public import Base

/// What went wrong in this module.
public struct AdministrationError: LayeredError {
  public enum Code: Sendable, Equatable, CaseIterable {
    /// The database does not say that it belongs to this product.
    case foreignDatabase
    /// What the database says about itself is incomplete or contradicts itself.
    case damagedIdentity
    /// The version is none that was ever released.
    case unknownRelease
    /// Older than any release that can be read.
    case releaseTooOld
    /// Newer than this program.
    case releaseTooNew
    /// The other half of a pair, or an undivided database where a half is needed.
    case wrongType
    /// Tables or columns differ from those of the release.
    case schemaDrift
    /// Options that contradict each other.
    case invalidOptions
    /// The database or a file could not be read or written.
    case unusable
  }

  public let code: Code
  public let doing: String
  public let reason: String
  public let advice: String?
  public let cause: (any Error)?

  public init(
    _ code: Code, doing: String, reason: String = "", advice: String? = nil, cause: (any Error)? = nil
  ) {
    self.code = code
    self.doing = doing
    self.reason = reason
    self.advice = advice
    self.cause = cause
  }
}
