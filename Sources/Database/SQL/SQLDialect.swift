/// What differs between the ways in which database programs write SQL.
///
/// A statement is put down once as ``SQL``; the session renders it in its own dialect. Recognised from what the
/// program calls itself, so that a further one is a value here and no code elsewhere.
public struct SQLDialect: Sendable, Equatable {
  /// What a value is called in the text of a statement.
  enum ParameterMark: Sendable, Equatable {
    /// `?1` or `$1`.
    case numbered(String)
    /// A bare `?`: ODBC.
    case unnumbered
  }

  /// How a statement asks for its first rows only.
  enum RowLimit: Sendable, Equatable {
    /// `LIMIT n` at the end.
    case limit
    /// `TOP (n)` behind SELECT: SQL Server.
    case top
    /// `FETCH FIRST n ROWS ONLY` at the end: the standard's own.
    case fetchFirst
  }

  /// What gives a reader one unchanging picture of the database.
  enum StablePicture: Sendable, Equatable {
    /// A level of `SQL_ATTR_TXN_ISOLATION`.
    case isolation(UInt32)
    /// A statement before the transaction's first one.
    case statement(String)
    /// The program has none.
    case none
  }

  /// `PostgreSQL`, as `SQL_DBMS_NAME` gives it.
  public let product: String
  let mark: ParameterMark
  /// What stands before and after a quoted name; the closing one is doubled within.
  let quotes: (opening: String, closing: String)
  let rowLimit: RowLimit
  let stablePicture: StablePicture

  static let sqlite = SQLDialect("SQLite", .numbered("?"), rowLimit: .limit)
  static let postgresql = SQLDialect("PostgreSQL", .numbered("$"), rowLimit: .limit)

  init(
    _ product: String, _ mark: ParameterMark, quotes: (String, String) = ("\"", "\""), rowLimit: RowLimit,
    stablePicture: StablePicture = .none
  ) {
    self.product = product
    self.mark = mark
    self.quotes = quotes
    self.rowLimit = rowLimit
    self.stablePicture = stablePicture
  }

  /// The dialect of a program that ODBC leads to.
  ///
  /// - Parameters:
  ///   - product: `SQL_DBMS_NAME`.
  ///   - quote: `SQL_IDENTIFIER_QUOTE_CHAR`; a blank where names cannot be quoted.
  ///   - levels: `SQL_TXN_ISOLATION_OPTION`, the isolation levels that it has.
  static func odbc(product: String, quote: String, levels: UInt32) -> SQLDialect {
    // Levels by their bits in sqlext.h: 4 is SQL_TXN_REPEATABLE_READ, 8 is SQL_TXN_SERIALIZABLE.
    func has(_ level: UInt32) -> Bool { levels & level != 0 }
    switch product {
    case "PostgreSQL":
      return SQLDialect(product, .unnumbered, rowLimit: .limit, stablePicture: has(4) ? .isolation(4) : .none)
    case "Microsoft SQL Server":
      // The driver reports whether the level exists, not whether ALLOW_SNAPSHOT_ISOLATION is on: the server tells.
      return SQLDialect(
        product, .unnumbered, quotes: ("[", "]"), rowLimit: .top,
        stablePicture: .statement("set transaction isolation level snapshot"))
    default:
      let mark = quote.trimmed
      return SQLDialect(
        product, .unnumbered, quotes: (mark, mark), rowLimit: product == "MySQL" ? .limit : .fetchFirst,
        stablePicture: has(8) ? .isolation(8) : has(4) ? .isolation(4) : .none)
    }
  }

  public static func == (left: SQLDialect, right: SQLDialect) -> Bool {
    left.product == right.product && left.mark == right.mark && left.quotes == right.quotes
      && left.rowLimit == right.rowLimit && left.stablePicture == right.stablePicture
  }

  /// A name as it stands in a statement. A NUL would end the statement's text in C, and is replaced.
  func quoted(_ name: String) -> String {
    let plain = name.contains("\0") ? name.replacing("\0", with: "\u{FFFD}") : name
    if quotes.closing.isEmpty { return plain }
    return quotes.opening + plain.replacing(quotes.closing, with: quotes.closing + quotes.closing) + quotes.closing
  }

  /// What a piece becomes that is no value.
  func text(_ piece: SQL.Piece) -> String {
    switch piece {
    case .text(let text): text
    case .identifier(let name): quoted(name)
    case .rowsBehindSelect(let count): rowLimit == .top ? "TOP (\(count)) " : ""
    case .rowsAtEnd(let count):
      switch rowLimit {
      case .limit: " LIMIT \(count)"
      case .fetchFirst: " FETCH FIRST \(count) ROWS ONLY"
      case .top: ""
      }
    case .value: ""
    }
  }
}

extension String {
  fileprivate var trimmed: String { String(drop { $0 == " " }.prefix { $0 != " " }) }
}
