public import Base

/// A value that a statement binds.
public enum SQLValue: Sendable, Equatable {
  case null
  case boolean(Bool)
  case integer(Int64)
  case real(Double)
  case text(String)
  case bytes([UInt8])
  case uuid(UniqueID)
  case timestamp(Timestamp)
}

/// A type whose values can stand in the interpolations of ``SQL``.
public protocol SQLBindable {
  var sqlValue: SQLValue { get }
}

extension SQLValue: SQLBindable {
  public var sqlValue: SQLValue { self }
}

extension Bool: SQLBindable {
  public var sqlValue: SQLValue { .boolean(self) }
}

extension Int: SQLBindable {
  public var sqlValue: SQLValue { .integer(Int64(self)) }
}

extension Int64: SQLBindable {
  public var sqlValue: SQLValue { .integer(self) }
}

extension Int32: SQLBindable {
  public var sqlValue: SQLValue { .integer(Int64(self)) }
}

extension Double: SQLBindable {
  public var sqlValue: SQLValue { .real(self) }
}

extension String: SQLBindable {
  public var sqlValue: SQLValue { .text(self) }
}

extension Substring: SQLBindable {
  public var sqlValue: SQLValue { .text(String(self)) }
}

extension [UInt8]: SQLBindable {
  public var sqlValue: SQLValue { .bytes(self) }
}

extension UniqueID: SQLBindable {
  public var sqlValue: SQLValue { .uuid(self) }
}

extension Timestamp: SQLBindable {
  public var sqlValue: SQLValue { .timestamp(self) }
}

extension Optional: SQLBindable where Wrapped: SQLBindable {
  public var sqlValue: SQLValue { self?.sqlValue ?? .null }
}
