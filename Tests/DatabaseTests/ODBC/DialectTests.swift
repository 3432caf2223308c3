import Base
import Testing

@testable import Database

struct DialectTests {
  static let server = SQLDialect.odbc(product: "Microsoft SQL Server", quote: "\"", levels: 0x2F)
  static let postgres = SQLDialect.odbc(product: "PostgreSQL", quote: "\"", levels: 0xF)

  static let query: SQL = .first(
    3,
    of: """
      \(identifiers: ["a]b", "c\"d"]) FROM \(table: TableName("t", schema: "s")) WHERE x = \(1) AND y IN \(list: [2, 3])
      """)

  @Test(arguments: [
    (SQLDialect.sqlite, #"SELECT "a]b", "c""d" FROM "s"."t" WHERE x = ?1 AND y IN (?2, ?3) LIMIT 3"#),
    (.postgresql, #"SELECT "a]b", "c""d" FROM "s"."t" WHERE x = $1 AND y IN ($2, $3) LIMIT 3"#),
    (Self.postgres, #"SELECT "a]b", "c""d" FROM "s"."t" WHERE x = ? AND y IN (?, ?) LIMIT 3"#),
    (Self.server, #"SELECT TOP (3) [a]]b], [c"d] FROM [s].[t] WHERE x = ? AND y IN (?, ?)"#),
    (
      .odbc(product: "MySQL", quote: "`", levels: 0xF),
      #"SELECT `a]b`, `c"d` FROM `s`.`t` WHERE x = ? AND y IN (?, ?) LIMIT 3"#
    ),
    (
      .odbc(product: "DB2", quote: "\"", levels: 0),
      #"SELECT "a]b", "c""d" FROM "s"."t" WHERE x = ? AND y IN (?, ?) FETCH FIRST 3 ROWS ONLY"#
    ),
    (
      .odbc(product: "Old", quote: " ", levels: 0),
      #"SELECT a]b, c"d FROM s.t WHERE x = ? AND y IN (?, ?) FETCH FIRST 3 ROWS ONLY"#
    ),
  ])
  func `one statement is written in every dialect`(dialect: SQLDialect, text: String) {
    let rendered = Self.query.rendered(dialect)
    #expect(rendered.text == text)
    #expect(rendered.values == [.integer(1), .integer(2), .integer(3)])
  }

  @Test func `a dialect knows what gives an unchanging picture`() {
    #expect(Self.postgres.stablePicture == .isolation(4))
    #expect(Self.server.stablePicture == .statement("set transaction isolation level snapshot"))
    #expect(SQLDialect.odbc(product: "DB2", quote: "\"", levels: 0xF).stablePicture == .isolation(8))
    #expect(SQLDialect.odbc(product: "DB2", quote: "\"", levels: 1).stablePicture == .none)
  }

  @Test func `a NUL in a name ends no statement`() {
    #expect(SQLDialect.sqlite.quoted("a\0b\"") == "\"a\u{FFFD}b\"\"\"")
    #expect(Self.server.quoted("a\0]") == "[a\u{FFFD}]]]")
  }

  @Test(
    arguments: [
      ("28000", DatabaseError.Code.authentication, false), ("08S01", .connectionLost, true),
      ("HYT00", .timeout, false),
      ("HYT01", .timeout, true), ("57014", .cancelled, false), ("HY008", .cancelled, false),
      ("42S02", .syntax, false), ("23000", .constraint, false), ("40001", .serialization, true),
      ("HYC00", .unsupported, false), ("22003", .mismatch, false), ("HY010", .misuse, false),
      ("25006", .permission, false), ("42501", .permission, false), ("HY000", .other, false),
      ("99999", .other, false),
    ] as [(String, DatabaseError.Code, Bool)])
  func `states become errors that can be told apart`(state: String, code: DatabaseError.Code, isTransient: Bool) {
    let records = [
      ODBCDiagnostic(state: "01000", number: 0, message: "Changed database context to 'master'."),
      ODBCDiagnostic(state: state, number: 7, message: "words of the driver"),
    ]
    let error = DatabaseError.odbc(records, doing: "read")
    #expect(error.code == code)
    #expect(error.sqlState == state)
    #expect(error.isTransient == isTransient)
  }

  @Test func `a driver's text keeps neither its brackets nor further lines`() {
    let text = "[Microsoft][ODBC Driver 17 for SQL Server][SQL Server]Login failed.\nDETAIL: value 42"
    #expect(ODBCDiagnostic.plain(text) == "Login failed.")
    #expect(
      ODBCDiagnostic.plain("ERROR: no such thing;\r\nError while executing the query") == "ERROR: no such thing")
    let values = ODBCDiagnostic(state: "22018", number: 0, message: "cannot convert 'Ann Smith' to int")
    #expect(DatabaseError.odbc([values], doing: "read").reason.contains("Ann") == false)
  }

  @Test(
    arguments: [
      ("2019-10-27 02:30:00", "2019-10-27T02:30:00Z"),
      ("1969-12-31 23:59:59.999999", "1969-12-31T23:59:59.999999Z"),
      ("2019-10-27 02:30:00.1234560", "2019-10-27T02:30:00.123456Z"),
      ("2019-10-27 02:30:00.1234560 +02:00", "2019-10-27T00:30:00.123456Z"),
      ("2019-10-27 02:30:00.1234567", nil), ("0000-00-00 00:00:00", nil), ("2019-10-27", nil), ("", nil),
      ("0044-03-15 00:00:00 BC", nil),
    ] as [(String, String?)])
  func `times in a driver's words`(text: String, expected: String?) {
    let bytes = Array(text.utf8)
    #expect(ODBCConversion.time(bytes.span) == expected.flatMap { Timestamp(rfc3339: $0) })
  }

  @Test(
    arguments: [
      ("0", 0), ("-9223372036854775808", Int64.min), ("12.000", 12), ("12.5", nil), ("1e3", nil), ("", nil),
      ("9223372036854775808", nil), ("1.0.0", nil),
    ] as [(String, Int64?)])
  func `whole numbers in a driver's words`(text: String, expected: Int64?) {
    let bytes = Array(text.utf8)
    #expect(ODBCConversion.integer(bytes.span) == expected)
  }

  @Test func `UTF-16 becomes UTF-8, NUL and single surrogates stay what they are`() {
    let column = ODBCStatement.Description(type: -9, size: 100, decimals: 0)
    let driver = ODBCDriver(name: "libtdsodbc.so", version: "1.3", readsLongValuesFromBlocks: true)
    let wide = ODBCColumn(.text, column, driver, isSent: false)!
    var conversion = ODBCConversion()
    for (units, expected) in [
      (Array("aé€💡\0z".utf16), Array("aé€💡\0z".utf8)), ([], []),
      ([0x61, 0xD800, 0x62], [0x61, 0xED, 0xA0, 0x80, 0x62]), ([0xDC00], [0xED, 0xB0, 0x80]),
      ([0xD83D], [0xED, 0xA0, 0xBD]), ([0xD83D, 0xD83D, 0xDCA1], [0xED, 0xA0, 0xBD, 0xF0, 0x9F, 0x92, 0xA1]),
    ] as [([UInt16], [UInt8])] {
      var block = RowBlock(kinds: [.text])
      block.beginRow()
      let span = units.span
      let isAppended = conversion.append(unsafe span.bytes, wide, to: &block)
      block.endRow()
      #expect(isAppended)
      let field = unsafe block[0].field(0).withUnsafeBytes { unsafe Array($0) }
      #expect(field == expected)
    }
  }
}
