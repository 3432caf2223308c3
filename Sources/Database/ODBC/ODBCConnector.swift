internal import Base
internal import CODBC
internal import Glibc

/// Makes the connection: the location's text with the password behind it, through the driver manager.
struct ODBCConnector {
  /// A connection string without a password.
  let source: String
  let options: ConnectOptions

  func connect() throws(DatabaseError) -> ODBCHandle {
    let handle = try ODBCHandle()
    let seconds = Int(min(max(1, options.connectTimeout.rounded(.up)), 3600))
    // A driver that knows no time limit or no read-only mode has nothing else to offer; writing is prevented in
    // the session, whatever the driver makes of this.
    for (attribute, value) in [
      (SQL_ATTR_LOGIN_TIMEOUT, seconds), (SQL_ATTR_ACCESS_MODE, Int(SQL_MODE_READ_ONLY)),
    ] {
      unsafe SQLSetConnectAttrW(handle.connection, attribute, codbc_value(UInt(value)), 0)
    }
    let code = try unsafe withConnectionString { text in
      unsafe SQLDriverConnectW(
        handle.connection, nil, text.baseAddress!, SQLSMALLINT(text.count), nil, 0, nil,
        SQLUSMALLINT(SQL_DRIVER_NOPROMPT))
    }
    if codbc_succeeded(code) == 0 {
      let records = unsafe ODBCDiagnostic.records(SQL_HANDLE_DBC, handle.connection)
      throw ODBCConnectFailure(records: records, limit: options.connectTimeout).error(doing: doing)
    }
    return handle
  }

  var doing: String { "connect to odbc:\(source)" }

  /// Lends the whole connection string. Its memory, the only one here that holds the password, is wiped; the driver
  /// manager and the driver keep their own copies until the connection ends.
  private func withConnectionString<R>(
    _ body: (UnsafeMutableBufferPointer<SQLWCHAR>) -> R
  ) throws(DatabaseError) -> R {
    var plain = Array(source.utf16)
    if plain.last != UInt16(ascii: ";") { plain.append(UInt16(ascii: ";")) }
    // A password in UTF-8 has no more units in UTF-16; each brace may need a second one.
    var text = UnsafeMutableBufferPointer<SQLWCHAR>.allocate(capacity: plain.count)
    _ = unsafe text.initialize(from: plain)
    defer {
      unsafe explicit_bzero(text.baseAddress!, text.count * 2)
      unsafe text.deallocate()
    }
    try requireLength(text.count)
    guard let lend = options.password else { return unsafe body(text) }
    var isValid = true
    do {
      try lend { password in
        let (whole, fits) = unsafe ODBCConnector.appending(password, to: plain)
        unsafe text.deallocate()
        unsafe text = whole
        isValid = fits
      }
    } catch {
      throw DatabaseError(.authentication, doing: doing, reason: "the password cannot be had", cause: error)
    }
    if !isValid {
      throw DatabaseError(
        .authentication, doing: doing, reason: "the password is no text in UTF-8, or holds a NUL",
        advice: "Store the secret again as UTF-8.")
    }
    try requireLength(text.count)
    return unsafe body(text)
  }

  private func requireLength(_ units: Int) throws(DatabaseError) {
    if units > Int(Int16.max) {
      throw DatabaseError(.unsupported, doing: doing, reason: "the connection string is too long")
    }
  }

  /// `…;PWD={…};` with closing braces doubled (ODBC reference, SQLDriverConnect, "Special Characters"), in memory of
  /// its own. An empty password adds nothing.
  private static func appending(
    _ password: Span<UInt8>, to plain: [UInt16]
  ) -> (UnsafeMutableBufferPointer<SQLWCHAR>, Bool) {
    let capacity = plain.count + password.count * 2 + 8
    let memory = UnsafeMutablePointer<SQLWCHAR>.allocate(capacity: capacity)
    var count = 0
    func put(_ unit: UInt16) {
      unsafe memory[count] = unit
      count += 1
    }
    for unit in plain { put(unit) }
    if password.isEmpty { return (unsafe UnsafeMutableBufferPointer(start: memory, count: count), true) }
    for unit in "PWD={".utf16 { put(unit) }
    var index = 0
    var isValid = true
    while index < password.count {
      guard let scalar = scalar(of: password, at: &index), scalar != 0 else {
        isValid = false
        break
      }
      if scalar > 0xFFFF {
        put(UInt16(0xD7C0 + scalar >> 10))
        put(UInt16(0xDC00 + scalar & 0x3FF))
      } else {
        put(UInt16(scalar))
        if scalar == 0x7D { put(0x7D) }
      }
    }
    for unit in "};".utf16 { put(unit) }
    return (unsafe UnsafeMutableBufferPointer(start: memory, count: count), isValid)
  }

  /// The next scalar of a text in UTF-8 (RFC 3629); nil where none stands there.
  private static func scalar(of text: Span<UInt8>, at index: inout Int) -> UInt32? {
    let first = UInt32(text[index])
    index += 1
    if first < 0x80 { return first }
    let more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : 1
    guard (0xC2...0xF4).contains(first), index + more <= text.count else { return nil }
    var scalar = first & (0x3F >> UInt32(more))
    for _ in 0..<more {
      guard text[index] & 0xC0 == 0x80 else { return nil }
      scalar = scalar << 6 | UInt32(text[index] & 0x3F)
      index += 1
    }
    let isShortest = scalar >= [0x80, 0x800, 0x10000][more - 1]
    return isShortest && Unicode.Scalar(scalar) != nil ? scalar : nil
  }
}

extension UInt16 {
  fileprivate init(ascii scalar: Unicode.Scalar) { self = UInt16(UInt8(ascii: scalar)) }
}
