public import Base

/// What went wrong with a directory server or with what one wrote. No values of entries stand in descriptions.
public struct DirectoryError: LayeredError {
  public enum Code: Sendable, Equatable {
    // Texts.
    /// An LDIF file that RFC 2849 does not allow, at this line.
    case malformed(line: Int)
    /// An LDIF file that uses what this program does not read, at this line.
    case unsupported(line: Int)
    /// An entry of an LDIF file above the limits, at this line.
    case tooLarge(line: Int)
    /// A name, address or filter in a form that is not known.
    case invalidName
    /// A file could not be read.
    case file
    // Connections.
    /// Nobody answers there, or the connection was lost.
    case unreachable
    case timedOut
    /// The connection could not be protected, for instance because the certificate is not trusted.
    case untrusted
    /// A password would go over the network in clear.
    case unprotected
    // Answers of the server.
    case invalidCredentials
    case denied
    case noSuchObject
    case alreadyExists
    /// The server gave less than there is.
    case limitExceeded
    /// The server is busy or going down; later it may work.
    case busy
    /// The server does not do that.
    case refused
    // Here.
    /// The consumer of the entries threw.
    case interrupted
    /// Any other failure.
    case other
  }

  public let code: Code
  public let doing: String
  public let reason: String
  public let advice: String?
  public let cause: (any Error)?
  /// The result code of RFC 4511, or the negative one of libldap, where there is one.
  public let resultCode: Int32?

  public init(
    _ code: Code, doing: String, reason: String, advice: String? = nil, cause: (any Error)? = nil,
    resultCode: Int32? = nil
  ) {
    self.code = code
    self.doing = doing
    self.reason = reason
    self.advice = advice
    self.cause = cause
    self.resultCode = resultCode
  }

  /// Whether the same may work a little later.
  public var isTransient: Bool { code == .unreachable || code == .timedOut || code == .busy }
}
