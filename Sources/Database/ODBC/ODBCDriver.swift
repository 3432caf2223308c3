internal import CODBC

/// What the connection's driver is, and what of the ways to fetch it can do.
struct ODBCDriver: Sendable, Equatable {
  /// How texts are asked for.
  enum TextForm: Sendable, Equatable {
    /// As the server's own bytes in UTF-8 (SQL_C_BINARY), whatever they are: nothing in between decodes them.
    case bytes
    /// As UTF-16 (SQL_C_WCHAR), which every driver makes of its own encoding. SQL_C_CHAR would be in the encoding of
    /// the process, and drop what that cannot say.
    case wide
  }

  /// File name and version: `psqlodbcw.so`, `13.02.0000`.
  var name: String
  var version: String
  var textForm: TextForm
  /// A long value can be read out of any row of a block that was fetched (SQL_GD_BLOCK and SQL_GD_BOUND). Otherwise
  /// results with long values are fetched row by row.
  var readsLongValuesFromBlocks: Bool
  /// The server's texts are in no encoding, so that only those can be read that come as bytes: what the driver makes
  /// of the others would be empty where they are not UTF-8.
  var hasTextsInNoEncoding = false

  init(_ connection: SQLHDBC) {
    let ways = unsafe ODBCDriver.bits(SQL_GETDATA_EXTENSIONS, connection)
    let needed = UInt32(SQL_GD_BLOCK) | UInt32(SQL_GD_BOUND) | UInt32(SQL_GD_ANY_COLUMN) | UInt32(SQL_GD_ANY_ORDER)
    unsafe self.init(
      name: ODBCDriver.text(SQL_DRIVER_NAME, connection), version: ODBCDriver.text(SQL_DRIVER_VER, connection),
      readsLongValuesFromBlocks: ways & needed == needed)
  }

  init(name: String, version: String, readsLongValuesFromBlocks: Bool) {
    self.name = name
    self.version = version
    self.readsLongValuesFromBlocks = readsLongValuesFromBlocks
    textForm = name.hasPrefix("psqlodbcw") ? .bytes : .wide
  }

  var isPsqlODBC: Bool { name.hasPrefix("psqlodbc") }

  /// Settings of psqlODBC that its connection string has words for, by their numbers (psqlodbc.h,
  /// SQL_ATTR_PGOPT_…), so that a data source that somebody wrote for another program serves here too.
  static let settings: [(attribute: Int32, value: Int)] = [
    (65539, 1),  // UseDeclareFetch: a result comes in pieces and is not held whole in memory,
    (65541, 1000),  // Fetch: of so many rows.
    (65545, 0),  // BoolsAsChar off
    (65544, 0),  // UnknownsAsLongVarchar off: json and the like are texts of any length all the same.
  ]

  /// A fact of SQLGetInfo that is a text; empty where the driver does not tell it.
  static func text(_ fact: Int32, _ connection: SQLHDBC) -> String {
    var units = [SQLWCHAR](repeating: 0, count: 256)
    var length: SQLSMALLINT = 0
    let code = unsafe SQLGetInfoW(connection, SQLUSMALLINT(fact), &units, Int16(units.count * 2), &length)
    guard codbc_succeeded(code) != 0, length > 0 else { return "" }
    return String(decoding: units.prefix(min(Int(length) / 2, units.count - 1)), as: UTF16.self)
  }

  static func bits(_ fact: Int32, _ connection: SQLHDBC) -> UInt32 {
    var bits: SQLUINTEGER = 0
    let code = unsafe SQLGetInfoW(connection, SQLUSMALLINT(fact), &bits, 4, nil)
    return codbc_succeeded(code) != 0 ? UInt32(bits) : 0
  }
}
