internal import Base

/// A statement or a piece of one. Values that are interpolated are bound, never spliced in:
///
///     "select name from users where id = \(id) and \(identifier: column) > \(limit)"
///
/// becomes `?1`, `?2` on SQLite, `$1`, `$2` on PostgreSQL and `?`, `?` over ODBC. `\(identifier:)` and `\(table:)` quote names,
/// `\(list:)` binds a parenthesised list, `\(fragment:)` joins another piece, and `\(unsafeSQL:)` splices text as
/// it is: only for text that the program itself wrote.
public struct SQL: Sendable, Equatable, ExpressibleByStringInterpolation {
  enum Piece: Sendable, Equatable {
    case text(String)
    case value(SQLValue)
    /// A name, quoted as the dialect does it.
    case identifier(String)
    /// The two places where dialects say how many rows they want; each says it in one of them.
    case rowsBehindSelect(Int)
    case rowsAtEnd(Int)
  }

  private(set) var pieces: [Piece]

  public init(stringLiteral text: String) { pieces = [.text(text)] }

  public init(unsafeSQL text: String) { pieces = [.text(text)] }

  public init(stringInterpolation: StringInterpolation) { pieces = stringInterpolation.pieces }

  public struct StringInterpolation: StringInterpolationProtocol {
    var pieces: [Piece] = []

    public init(literalCapacity: Int, interpolationCount: Int) {
      pieces.reserveCapacity(interpolationCount * 2 + 1)
    }

    public mutating func appendLiteral(_ text: String) { if !text.isEmpty { pieces.append(.text(text)) } }

    public mutating func appendInterpolation(_ value: some SQLBindable) { pieces.append(.value(value.sqlValue)) }

    /// Nil binds null.
    public mutating func appendInterpolation<Value: SQLBindable>(_ value: Value?) {
      pieces.append(.value(value?.sqlValue ?? .null))
    }

    /// `(?1, ?2, …)` for `in`. An empty list is a broken invariant: neither engine has a form for it that is right for
    /// every type, with `in` and with `not in`.
    public mutating func appendInterpolation(list values: [some SQLBindable]) {
      invariant(!values.isEmpty, "an empty list in a statement")
      pieces.append(.text("("))
      for (index, value) in values.enumerated() {
        if index > 0 { pieces.append(.text(", ")) }
        pieces.append(.value(value.sqlValue))
      }
      pieces.append(.text(")"))
    }

    public mutating func appendInterpolation(identifier name: String) {
      pieces.append(.identifier(name))
    }

    public mutating func appendInterpolation(identifiers names: [String]) {
      for (index, name) in names.enumerated() {
        if index > 0 { pieces.append(.text(", ")) }
        pieces.append(.identifier(name))
      }
    }

    public mutating func appendInterpolation(table name: TableName) {
      if let schema = name.schema { pieces += [.identifier(schema), .text(".")] }
      pieces.append(.identifier(name.name))
    }

    public mutating func appendInterpolation(fragment: SQL) { pieces += fragment.pieces }

    public mutating func appendInterpolation(unsafeSQL text: String) { pieces.append(.text(text)) }
  }

  public static func + (left: SQL, right: SQL) -> SQL {
    var joined = left
    joined.pieces += right.pieces
    return joined
  }

  /// Pieces with something between them: `SQL.joined(conditions, by: " and ")`.
  public static func joined(_ parts: [SQL], by separator: SQL) -> SQL {
    var joined = SQL(unsafeSQL: "")
    for (index, part) in parts.enumerated() {
      if index > 0 { joined.pieces += separator.pieces }
      joined.pieces += part.pieces
    }
    return joined
  }

  /// The first rows of a query that is given without its SELECT: `SQL.first(1, of: "id from users order by id")`.
  public static func first(_ count: Int, of query: SQL) -> SQL {
    var limited = SQL(unsafeSQL: "SELECT ")
    limited.pieces += [.rowsBehindSelect(count)] + query.pieces + [.rowsAtEnd(count)]
    return limited
  }

  /// The text with marks for parameters, and the values in their order.
  func rendered(_ dialect: SQLDialect) -> (text: String, values: [SQLValue]) {
    var text = ""
    var values: [SQLValue] = []
    for piece in pieces {
      guard case .value(let value) = piece else {
        text += dialect.text(piece)
        continue
      }
      values.append(value)
      switch dialect.mark {
      case .numbered(let mark): text += mark + String(values.count)
      case .unnumbered: text += "?"
      }
    }
    return (text, values)
  }
}
