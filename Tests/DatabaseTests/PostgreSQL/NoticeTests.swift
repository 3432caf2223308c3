import Base
import TestSupport
import Testing

@testable import Database

struct NoticeTests {
  @Test func `what the server says unasked is kept, and goes along with an error`() throws {
    let connection = try TestDatabase(.postgresql).connect()
    #expect(connection.recentNotices == [])
    try connection.execute(unsafeScript: "commit")
    let notice = try #require(connection.recentNotices.first)
    #expect(notice.severity == "WARNING")
    #expect(notice.sqlState == "25P01")
    #expect(notice.message == "there is no transaction in progress")
    let error = databaseError { try connection.execute("select 1 / 0") }
    #expect(error?.notices == [notice])
    #expect(error?.description.contains("in progress") == false)
  }

  @Test func `only the last few are kept, and what a function raises is not told`() throws {
    let connection = try TestDatabase(.postgresql).connect()
    try connection.execute(
      unsafeScript: "do $$ begin for n in 1..1000 loop raise warning 'Ann Smith %', n; end loop; end $$")
    #expect(connection.recentNotices.count == NoticeLog.limit)
    #expect(connection.recentNotices.allSatisfy { $0.message == nil && $0.description == "WARNING 01000" })
    try connection.execute(unsafeScript: "commit")
    #expect(connection.recentNotices.count == NoticeLog.limit)
    #expect(connection.recentNotices.last?.message?.contains("transaction") == true)
  }

  @Test func `a server without an encoding gives its texts as they are`() throws {
    let server = try PrivatePostgres.shared()
    let name = "notice_ascii_\(UInt32.random(in: .min ... .max))"
    try server.execute(
      "CREATE DATABASE \(name) TEMPLATE template0 ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C'", in: "postgres")
    try server.execute(
      #"CREATE TABLE t AS SELECT 'g'::text || E'\xC3\xBC\xFF\xC3 z' AS a, 'ok'::varchar(9) AS b, '{}'::json AS c"#,
      in: name)
    let expected: [UInt8] = Array("gü".utf8) + [0xFF, 0xC3] + Array(" z".utf8)
    let odbc =
      "odbc:Driver=\(ODBCDatabase.driver);Server=\(server.host);Port=\(server.port);Database=\(name);UID=\(PrivatePostgres.user)"
    for address in [server.location(database: name), odbc] {
      let connection = try Connection.open(DatabaseLocation(address), options: .readOnly)
      var found: [UInt8] = []
      try connection.rows("select a from t", [.text]) { row in
        found = unsafe row.field(0).withUnsafeBytes { unsafe Array($0) }
      }
      #expect(found == expected)
      let streamed = try readAll("select a, b from t", [.text, .text], on: connection)
      #expect(streamed.count == 1)
      #expect(try connection.text("select b from t where b = \("ok")") == "ok")
      if address == odbc {
        #expect(databaseError { _ = try connection.text("select c from t") }?.code == .mismatch)
        #expect(try connection.text("select c::text from t") == "{}")
      }
    }
  }
}
