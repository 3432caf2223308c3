internal import CODBC

/// A statement of a connection; freed with it.
@safe
final class ODBCStatement {
  // SAFETY: the pointer is valid from init to deinit; whoever holds a statement holds its session too, and a session
  // frees its connection only when no statement is left.
  let pointer: SQLHSTMT

  /// Takes the pointers that a statement's attributes are given, which outlive the calls that use them.
  init(on connection: SQLHDBC) throws(DatabaseError) {
    var pointer: SQLHANDLE?
    guard unsafe codbc_succeeded(SQLAllocHandle(Int16(SQL_HANDLE_STMT), connection, &pointer)) != 0,
      let pointer = unsafe pointer
    else {
      let records = unsafe ODBCDiagnostic.records(SQL_HANDLE_DBC, connection)
      throw DatabaseError.odbc(records, doing: "make a statement")
    }
    unsafe self.pointer = pointer
  }

  deinit { unsafe SQLFreeHandle(Int16(SQL_HANDLE_STMT), pointer) }

  var diagnostics: [ODBCDiagnostic] { unsafe ODBCDiagnostic.records(SQL_HANDLE_STMT, pointer) }

  func set(_ attribute: Int32, _ value: Int) -> Bool {
    unsafe codbc_succeeded(SQLSetStmtAttrW(pointer, attribute, codbc_value(UInt(bitPattern: value)), 0)) != 0
  }

  func prepare(_ text: String) -> SQLRETURN {
    var units = Array(text.utf16)
    return unsafe SQLPrepareW(pointer, &units, SQLINTEGER(units.count))
  }

  /// Runs a text at once, as its own statement.
  func execute(_ text: String) -> SQLRETURN {
    var units = Array(text.utf16)
    return unsafe SQLExecDirectW(pointer, &units, SQLINTEGER(units.count))
  }

  func execute() -> SQLRETURN { unsafe SQLExecute(pointer) }

  var columnCount: Int {
    var count: SQLSMALLINT = 0
    return unsafe codbc_succeeded(SQLNumResultCols(pointer, &count)) != 0 ? Int(count) : 0
  }

  /// What the driver says of a column, counted from 0.
  struct Description: Equatable {
    var type: Int32
    /// Characters, bytes or digits; 0 where the driver does not know.
    var size: Int
    var decimals: Int
    /// As the program behind calls it: `varchar`.
    var typeName = ""
  }

  func description(ofColumn column: Int) -> Description? {
    var (type, decimals, isNullable): (SQLSMALLINT, SQLSMALLINT, SQLSMALLINT) = (0, 0, 0)
    var size: SQLULEN = 0
    // psqlODBC fails where it is given no room for the name.
    var name = [SQLWCHAR](repeating: 0, count: 128)
    var length: SQLSMALLINT = 0
    let code = unsafe SQLDescribeColW(
      pointer, SQLUSMALLINT(column + 1), &name, SQLSMALLINT(name.count), &length, &type, &size, &decimals,
      &isNullable)
    guard codbc_succeeded(code) != 0 else { return nil }
    var description = Description(type: Int32(type), size: Int(clamping: size), decimals: Int(decimals))
    length = 0
    let named = unsafe SQLColAttributeW(
      pointer, SQLUSMALLINT(column + 1), SQLUSMALLINT(SQL_DESC_TYPE_NAME), &name, SQLSMALLINT(name.count * 2),
      &length, nil)
    if codbc_succeeded(named) != 0 {
      let units = name.prefix(max(0, min(Int(length) / 2, name.count - 1)))
      description.typeName = String(decoding: units, as: UTF16.self)
    }
    return description
  }

  /// The next row's fields as texts, by SQLGetData in their order: for catalogues and other small things.
  ///
  /// - Returns: nil at the end.
  func nextTexts(_ columns: Int, doing: String) throws(DatabaseError) -> [String?]? {
    let code = unsafe SQLFetch(pointer)
    if code == SQL_NO_DATA { return nil }
    if codbc_succeeded(code) == 0 { throw DatabaseError.odbc(diagnostics, doing: doing) }
    var fields: [String?] = []
    var units = [SQLWCHAR](repeating: 0, count: 512)
    for column in 1...columns {
      var text: [SQLWCHAR] = []
      var isNull = false
      while true {
        var length: SQLLEN = 0
        let code = unsafe SQLGetData(
          pointer, SQLUSMALLINT(column), SQLSMALLINT(SQL_C_WCHAR), &units, units.count * 2, &length)
        if code == SQL_NO_DATA { break }
        if codbc_succeeded(code) == 0 { throw DatabaseError.odbc(diagnostics, doing: doing) }
        if length == SQLLEN(SQL_NULL_DATA) {
          isNull = true
          break
        }
        let isWhole = length >= 0 && length / 2 < units.count
        text += units.prefix(isWhole ? length / 2 : units.count - 1)
        if isWhole { break }
      }
      fields.append(isNull ? nil : String(decoding: text, as: UTF16.self))
    }
    return fields
  }
}
