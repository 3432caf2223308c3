import Base
import Database
import Testing

struct MismatchTests {
  static let id = "01234567-89ab-cdef-0123-456789abcdef"

  @Test func `values of another storage class are converted where nothing is lost`() throws {
    let database = try TestDatabase(.sqlite)
    let connection = try database.connect()
    func one(_ expression: String, _ kind: ColumnKind) throws -> String? {
      try connection.first("select \(unsafeSQL: expression)", [kind]) { row in
        if row.isNull(0) { return "null" }
        switch kind {
        case .text, .bytes: return row.string(0)
        case .uuid: return row.uuid(0)?.description
        default: return row.integer(0).map(String.init)
        }
      } ?? nil
    }
    #expect(try one("'42'", .integer) == "42")
    #expect(try one("'-9223372036854775808'", .integer) == "-9223372036854775808")
    #expect(try one("42", .text) == "42")
    #expect(try one("1.5", .text) == "1.5")
    #expect(try one("3.0", .integer) == "3")
    #expect(try one("'\(Self.id)'", .uuid) == Self.id)
    #expect(try one("x'0123456789abcdef0123456789abcdef'", .uuid) == Self.id)
    #expect(try one("'abc'", .bytes) == "abc")
    #expect(try one("x'616263'", .text) == "abc")
    #expect(try one("x''", .bytes) == "")
    #expect(try one("''", .text) == "")
    #expect(try one("null", .uuid) == "null")
    #expect(try one("'1'", .boolean) == "1")
    #expect(try one("-32768", .small) == "-32768")
  }

  @Test(arguments: [
    ("'042'", ColumnKind.integer), ("'4 2'", .integer), ("'9223372036854775808'", .integer), ("1.5", .integer),
    ("1e300", .integer), ("x'01'", .integer), ("2", .boolean), ("32768", .small), ("2147483648", .medium),
    ("'x'", .uuid), ("x'00'", .uuid), ("7", .uuid), ("7", .bytes), ("'2020-01-01'", .timestamp),
    ("-9223372036854775807", .timestamp),
  ])
  func `a value that would be lost is told with its place`(expression: String, kind: ColumnKind) throws {
    let database = try TestDatabase(.sqlite)
    let connection = try database.connect()
    let select: SQL = "select 1, null union all select 2, \(unsafeSQL: expression) order by 1"
    let error = databaseError { _ = try readAll(select, [.integer, kind], on: connection) }
    #expect(error?.code == .mismatch)
    #expect(error?.place == .init(row: 1, column: 1))
    #expect(error?.isTransient == false)
  }

  @Test func `a stream can go on over values that do not fit, and lists them`() throws {
    let database = try TestDatabase(.sqlite)
    let connection = try database.connect()
    try connection.execute(
      unsafeScript: """
        create table t (id integer primary key, n);
        insert into t values (1, 10), (2, 'ten'), (3, 30), (4, x'00'), (5, 50);
        """)
    var stream = try connection.stream(
      "select id, n from t order by id", [.integer, .integer], mismatches: .asNull)
    var block = RowBlock(kinds: [.integer, .integer])
    var places: [DatabaseError.Place] = []
    var keys: [Int64] = []
    while try stream.read(into: &block, rows: 3) {
      places += stream.mismatches
      for place in stream.mismatches {
        keys.append(block[place.row].integer(0)!)
        let isNull = block[place.row].isNull(1)
        #expect(isNull)
      }
    }
    #expect(places == [.init(row: 1, column: 1), .init(row: 0, column: 1)])
    #expect(keys == [2, 4])
  }
}
