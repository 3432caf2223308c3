internal import CODBC

/// How one column of a result is fetched and what it becomes.
struct ODBCColumn: Equatable {
  /// The form in which the driver hands a value over.
  enum Form: Equatable {
    case bit
    case integer
    /// Bytes as they are.
    case bytes
    /// UTF-16, which becomes UTF-8.
    case wide
    /// A few ASCII characters that are read here: digits, a time, a UUID.
    case characters
  }

  /// What the type's numbers mean that sqlext.h does not have: SQL Server's `datetimeoffset` and `xml`.
  static let timestampOffset: Int32 = -155
  static let xml: Int32 = -152

  let kind: ColumnKind
  let form: Form
  /// Bytes that a value takes in the memory it is fetched into; longer ones are read on their own.
  let width: Int
  /// Whether the driver says that values may be longer than that.
  let mayBeLonger: Bool

  /// The most that a text or binary value takes in a block that is fetched at once.
  static let window = 1024

  /// - Parameter isSent: a time that PostgreSQL was asked to send in its binary form.
  /// - Returns: nil where columns of that type cannot be read as that kind.
  init?(_ kind: ColumnKind, _ column: ODBCStatement.Description, _ driver: ODBCDriver, isSent: Bool) {
    self.kind = kind
    let isText = ODBCColumn.texts.contains(column.type)
    // psqlODBC gives the bytes of these alone, and not those of `json` or an enumeration.
    let isWide = driver.textForm == .wide || !["text", "varchar", "bpchar"].contains(column.typeName)
    switch kind {
    case .boolean where column.type == Int32(SQL_BIT): (form, width, mayBeLonger) = (.bit, 1, false)
    case .boolean where isText && (1...5).contains(column.size):
      (form, width, mayBeLonger) = (.characters, 16, false)
    case .small where [SQL_TINYINT, SQL_SMALLINT].contains(column.type),
      .medium where [SQL_TINYINT, SQL_SMALLINT, SQL_INTEGER].contains(column.type),
      .integer where [SQL_TINYINT, SQL_SMALLINT, SQL_INTEGER, SQL_BIGINT].contains(column.type):
      (form, width, mayBeLonger) = (.integer, 8, false)
    case .integer where [SQL_NUMERIC, SQL_DECIMAL].contains(column.type) && column.decimals == 0:
      (form, width, mayBeLonger) = (.characters, 48, false)
    case .text where isText && !(isWide && driver.hasTextsInNoEncoding):
      form = isWide ? .wide : .bytes
      // Not to be trusted: psqlODBC says 255 where a varchar has no limit. Two bytes a unit and the NUL behind them,
      // or at most four bytes a character.
      let needed = isWide ? column.size * 2 + 2 : column.size * 4
      mayBeLonger = column.size <= 0 || needed > ODBCColumn.window
      width = mayBeLonger ? ODBCColumn.window : max(16, needed + needed % 2)
    case .bytes where ODBCColumn.binaries.contains(column.type):
      form = .bytes
      mayBeLonger = column.size <= 0 || column.size > ODBCColumn.window
      width = mayBeLonger ? ODBCColumn.window : max(16, column.size)
    // As its 36 characters: to read those is twice as fast as what psqlODBC does for SQL_C_GUID.
    case .uuid where column.type == SQL_GUID || isText: (form, width, mayBeLonger) = (.characters, 48, false)
    case .timestamp where isSent && ODBCColumn.binaries.contains(column.type):
      (form, width, mayBeLonger) = (.bytes, 8, false)
    case .timestamp where [Int32(SQL_TYPE_TIMESTAMP), ODBCColumn.timestampOffset].contains(column.type):
      (form, width, mayBeLonger) = (.characters, 64, false)
    default: return nil
    }
  }

  private static let texts = [
    Int32(SQL_CHAR), SQL_VARCHAR, SQL_LONGVARCHAR, SQL_WCHAR, SQL_WVARCHAR, SQL_WLONGVARCHAR, xml,
  ]
  private static let binaries = [SQL_BINARY, SQL_VARBINARY, SQL_LONGVARBINARY]

  /// What the driver is asked for.
  var target: Int32 {
    switch form {
    case .bit: Int32(SQL_C_BIT)
    case .integer: SQL_C_SBIGINT
    case .bytes: SQL_C_BINARY
    case .wide: SQL_C_WCHAR
    case .characters: SQL_C_CHAR
    }
  }

  /// Bytes of a NUL that the driver puts behind a value.
  var terminator: Int {
    switch form {
    case .wide: 2
    case .characters: 1
    default: 0
    }
  }
}

extension DatabaseError {
  static func unfit(_ column: Int, odbcType type: Int32, _ kind: ColumnKind) -> DatabaseError {
    DatabaseError(
      .mismatch, doing: "read rows", reason: "column \(column) has ODBC type \(type), which is no \(kind)",
      advice: "Cast the column in the statement.")
  }
}
