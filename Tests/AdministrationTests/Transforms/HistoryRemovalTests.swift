import Base
import Database
import TestSupport
import Testing
import Transfer

@testable import Administration

/// What takes an import's rows away, and whose rows it leaves.
@Suite struct HistoryRemovalTests {
  /// A history without keys, as it is while a bulk import is under way: two imports may have the same keys in it.
  private func history() throws -> (TestFolder, Connection) {
    let folder = try TestFolder()
    let connection = try Connection.open(.sqlite(path: folder / "history.db"), options: .create)
    for statement in ReleaseSchema(.v8_2, .history).tableStatements(for: .sqlite) {
      try connection.execute(SQL(unsafeSQL: statement))
    }
    return (folder, connection)
  }

  private func id(_ number: UInt64, at milliseconds: Int64 = 1_000) -> UniqueID {
    UniqueID(milliseconds: milliseconds, hashHigh: 0, hashLow: number)
  }

  private func add(request: UniqueID, key: String, _ importID: Int64, to connection: Connection) throws {
    try connection.execute(
      """
      INSERT INTO change_request (id, operation, object_dn, object_class, initiator, account_used, host, requested_at,
        requested_offset, zone, ambiguous, state, import_id, source_key)
      VALUES (\(request), 'create', '', '', '', '', '', 0, 0, 'UTC', false, 'completed', \(importID), \(key))
      """)
  }

  private func add(task: UniqueID, key: String, _ importID: Int64, to connection: Connection) throws {
    try connection.execute(
      """
      INSERT INTO approval_task (id, subject, approver, zone, ambiguous, state, import_id, source_key, revision)
      VALUES (\(task), '', '', 'UTC', false, 'held', \(importID), \(key), 0)
      """)
  }

  private func add(
    original: UniqueID, _ field: String, ordinal: Int64 = 0, _ importID: Int64, to connection: Connection
  ) throws {
    try connection.execute(
      """
      INSERT INTO original_value (row_id, ordinal, field, value, import_id)
      VALUES (\(original), \(ordinal), \(field), \([UInt8](repeating: 255, count: 2)), \(importID))
      """)
  }

  private func add(child: UniqueID, _ table: HistoryChild, _ importID: Int64, to connection: Connection) throws {
    let columns: SQL = table == .property ? "name" : "kind, name"
    let values: SQL = table == .property ? "'n'" : "'policy', 'n'"
    try connection.execute(
      """
      INSERT INTO \(identifier: table.table) (request_id, ordinal, \(fragment: columns), import_id)
      VALUES (\(child), 0, \(fragment: values), \(importID))
      """)
  }

  private func removal(_ keys: KeyRange, _ kind: Key.Kind = .integer) -> HistoryRemoval {
    HistoryRemoval(importID: 1, keys: keys, keyKind: kind, engine: .sqlite)
  }

  private func run(_ statements: [SQL], on connection: Connection) throws {
    for statement in statements { try connection.execute(statement) }
  }

  private func imports(_ table: String, on connection: Connection) throws -> [Int64] {
    var found: [Int64] = []
    try connection.rows("SELECT import_id FROM \(identifier: table) ORDER BY import_id", [.integer]) {
      found.append($0.integer(0) ?? -1)
    }
    return found
  }

  @Test(arguments: [KeyRange.all, KeyRange(above: .integer(0), through: .integer(9))])
  func `rows of another import with the same keys stay`(_ keys: KeyRange) throws {
    let (folder, connection) = try history()
    defer { _ = folder }
    for importID in [Int64(1), 2] {
      try add(request: id(5), key: "5", importID, to: connection)
      try add(task: id(6), key: "6", importID, to: connection)
      try add(original: id(5), "host", importID, to: connection)
      try add(original: id(6), "state", importID, to: connection)
      for child in HistoryChild.allCases { try add(child: id(5), child, importID, to: connection) }
    }
    try run(removal(keys).requests(withProperties: true, withSections: true), on: connection)
    try run(removal(keys).tasks(["approval_task"], originals: nil), on: connection)
    for table in ["change_request", "approval_task", "property_change", "request_section"] {
      #expect(try imports(table, on: connection) == [2], "\(table)")
    }
    #expect(try imports("original_value", on: connection) == [2, 2])
  }

  @Test func `a range of requests takes only along what came with them`() throws {
    let (folder, connection) = try history()
    defer { _ = folder }
    for number in [UInt64(5), 15] {
      try add(request: id(number), key: String(number), 1, to: connection)
      for child in HistoryChild.allCases { try add(child: id(number), child, 1, to: connection) }
      for field in ["host", "property.name", "section.message"] {
        try add(original: id(number), field, 1, to: connection)
      }
    }
    let keys = KeyRange(above: nil, through: .integer(9))
    try run(removal(keys).requests(withProperties: true, withSections: false), on: connection)
    #expect(try imports("change_request", on: connection) == [1])
    #expect(try imports("property_change", on: connection) == [1])
    #expect(try imports("request_section", on: connection) == [1, 1])
    #expect(
      try connection.integer(
        "SELECT count(*) FROM original_value WHERE row_id = \(id(5)) AND field = 'section.message'")
        == 1)
    #expect(try imports("original_value", on: connection).count == 4)
  }

  @Test func `a range of UUIDs takes children and originals of its milliseconds, orphans as well`() throws {
    let (folder, connection) = try history()
    defer { _ = folder }
    for milliseconds in [Int64(999), 1_000, 1_001, 2_000, 2_001] {
      let row = id(1, at: milliseconds)
      for child in HistoryChild.allCases { try add(child: row, child, 1, to: connection) }
      for field in ["host", "property.name", "section.message", "state"] {
        try add(original: row, field, 1, to: connection)
      }
    }
    let keys = KeyRange(above: .uuid(id(9, at: 1_000)), through: .uuid(id(9, at: 2_000)))
    try run(removal(keys, .uuid).children(.property), on: connection)
    #expect(try imports("property_change", on: connection).count == 2)
    #expect(try imports("request_section", on: connection).count == 5)
    #expect(try imports("original_value", on: connection).count == 20 - 3)
    try run(removal(keys, .uuid).originals(), on: connection)
    // A state goes with its task.
    #expect(
      try connection.integer("SELECT count(*) FROM original_value WHERE field = 'state'") == 5)
    #expect(try imports("original_value", on: connection).count == 5 + 2 * 3)
    let reached = HistoryRemoval.milliseconds(of: keys)
    #expect(reached.contains(.uuid(id(0, at: 1_000))) && reached.contains(.uuid(id(.max, at: 2_000))))
    #expect(!reached.contains(.uuid(id(.max, at: 999))) && !reached.contains(.uuid(id(0, at: 2_001))))
  }

  @Test func `originals of rows that are gone go last, and only those`() throws {
    let (folder, connection) = try history()
    defer { _ = folder }
    try add(request: id(1), key: "1", 1, to: connection)
    try add(task: id(2), key: "2", 1, to: connection)
    try add(child: id(3), .section, 1, to: connection)
    for number in UInt64(1)...5 { try add(original: id(number), "host", 1, to: connection) }
    try add(original: id(9), "host", 2, to: connection)
    try connection.execute(HistoryRemoval.strayOriginals(of: 1))
    #expect(try imports("original_value", on: connection) == [1, 1, 1, 2])
  }
}
