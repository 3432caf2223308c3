public import Base

/// What went wrong with a database, of whichever engine.
///
/// A reason never holds row values: servers put them into DETAIL lines and into the texts of data errors, and
/// neither is kept. Names of tables, columns and constraints are.
public struct DatabaseError: LayeredError {
  public enum Code: String, Sendable, Equatable, CaseIterable {
    /// The address of the database is malformed, or its engine cannot do what was asked.
    case unsupported
    /// No server answers there, or the file cannot be opened.
    case unreachable
    /// The server knows neither this user nor this password.
    case authentication
    /// No encrypted connection to the right server could be made.
    case tls
    /// The user may not do this, or the database is read-only here.
    case permission
    /// The named database does not exist.
    case noSuchDatabase
    /// The file is no database, or is encrypted: the two cannot be told apart.
    case notADatabase
    /// Somebody else holds a lock.
    case busy
    case diskFull
    /// A unique, foreign-key, check or not-null rule refuses the row.
    case constraint
    /// The transaction met another one and must be repeated.
    case serialization
    case cancelled
    case timeout
    case connectionLost
    /// The statement is wrong, or names something that does not exist.
    case syntax
    /// A value does not fit the column or kind it is read or written as.
    case mismatch
    case corrupt
    /// The connection is used in a way that its state does not allow.
    case misuse
    case other
  }

  /// Which value did not fit: counted from 0 within one read or one insertion. No column where the row as a whole is
  /// refused.
  public struct Place: Sendable, Hashable {
    public let row: Int
    public let column: Int?

    public init(row: Int, column: Int?) {
      self.row = row
      self.column = column
    }
  }

  public let code: Code
  public let doing: String
  public let reason: String
  public var advice: String?
  public let cause: (any Error)?

  /// PostgreSQL's five characters (documentation, appendix A), where the server gave them.
  public var sqlState: String?
  /// SQLite's extended result code (sqlite.org/rescode.html).
  public var sqliteCode: Int32?
  /// Whether the same work may succeed when it is simply tried again: SQLSTATE classes 08, 40, 53, 55P03, 57P0x;
  /// SQLite busy, locked and I/O errors.
  public var isTransient = false
  /// A commit was under way when the connection broke: whether it took effect must be read from the database.
  public var outcomeUnknown = false
  /// The offending row of a read or an insertion, where it is known.
  public var place: Place?
  /// What the server had said of itself before, for the log: not part of the description.
  public var notices: [ServerNotice] = []

  public init(
    _ code: Code, doing: String, reason: String, advice: String? = nil, cause: (any Error)? = nil
  ) {
    self.code = code
    self.doing = doing
    self.reason = reason
    self.advice = advice
    self.cause = cause
  }

  static var streamIsOpen: DatabaseError {
    DatabaseError(.misuse, doing: "close the database", reason: "a result is still being read")
  }
}
