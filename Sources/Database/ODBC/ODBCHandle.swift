internal import CODBC

/// An environment of the driver manager with one connection in it; both go with it.
@safe
struct ODBCHandle: ~Copyable {
  // SAFETY: the pointers are valid from init to deinit and handed out only to the session that owns the handle.
  let environment: SQLHENV
  let connection: SQLHDBC

  init() throws(DatabaseError) {
    var environment: SQLHANDLE?
    guard unsafe codbc_succeeded(SQLAllocHandle(Int16(SQL_HANDLE_ENV), nil, &environment)) != 0,
      let environment = unsafe environment
    else { throw ODBCHandle.noMemory }
    var connection: SQLHANDLE?
    unsafe SQLSetEnvAttr(environment, SQL_ATTR_ODBC_VERSION, codbc_value(UInt(SQL_OV_ODBC3)), 0)
    guard unsafe codbc_succeeded(SQLAllocHandle(Int16(SQL_HANDLE_DBC), environment, &connection)) != 0,
      let connection = unsafe connection
    else {
      unsafe SQLFreeHandle(Int16(SQL_HANDLE_ENV), environment)
      throw ODBCHandle.noMemory
    }
    unsafe self.environment = environment
    unsafe self.connection = connection
  }

  /// Nothing that was done is kept. A connection that never stood or is gone has nothing to say here.
  deinit {
    unsafe SQLEndTran(Int16(SQL_HANDLE_DBC), connection, Int16(SQL_ROLLBACK))
    unsafe SQLDisconnect(connection)
    unsafe SQLFreeHandle(Int16(SQL_HANDLE_DBC), connection)
    unsafe SQLFreeHandle(Int16(SQL_HANDLE_ENV), environment)
  }

  private static var noMemory: DatabaseError {
    DatabaseError(.other, doing: "connect", reason: "the ODBC driver manager gives no handle")
  }
}

/// What the driver manager or a driver says of a call that did not simply succeed (ODBC reference, "Diagnostic
/// Records").
struct ODBCDiagnostic: Sendable, Equatable {
  /// Five characters, from the driver manager, the driver or the server.
  var state: String
  /// The program's own number of the error.
  var number: Int32
  /// The first line, without the names of the layers that it went through.
  var message: String

  /// The records of a handle, in the order of their importance.
  static func records(_ kind: Int32, _ handle: SQLHANDLE) -> [ODBCDiagnostic] {
    var records: [ODBCDiagnostic] = []
    var state = [SQLWCHAR](repeating: 0, count: 6)
    var text = [SQLWCHAR](repeating: 0, count: 1024)
    var number: SQLINTEGER = 0
    var length: SQLSMALLINT = 0
    for index in 1...16 {
      let code = unsafe SQLGetDiagRecW(
        Int16(kind), handle, Int16(index), &state, &number, &text, Int16(text.count), &length)
      guard codbc_succeeded(code) != 0 else { break }
      let message = String(decoding: text.prefix(max(0, min(Int(length), text.count - 1))), as: UTF16.self)
      records.append(
        ODBCDiagnostic(
          state: String(decoding: state.prefix(5), as: UTF16.self), number: number,
          message: ODBCDiagnostic.plain(message)))
    }
    return records
  }

  /// `[unixODBC][Driver Manager]Function sequence error` without its brackets; a server's further lines can hold
  /// values of rows.
  static func plain(_ message: String) -> String {
    var rest = message.prefix { $0 != "\n" && $0 != "\r\n" }
    while rest.hasPrefix("["), let end = rest.firstIndex(of: "]") { rest = rest[rest.index(after: end)...] }
    while rest.last == ";" || rest.last == " " { rest.removeLast() }
    while rest.first == " " { rest.removeFirst() }
    return String(rest)
  }
}
