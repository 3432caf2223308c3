import Base
import Migration
import Testing
import Transfer

@testable import Administration

@Suite struct `A comparison of a faulty import` {
  @Test(arguments: [
    Fault("a lost spelling", requests: [20], "delete from original_value where row_id = Q(20)"),
    Fault(
      "another spelling", requests: [20], "update original_value set value = lower(value) where row_id = Q(20)"),
    Fault("a lost id that was none", requests: [25], "delete from original_value where row_id = Q(25)"),
    Fault(
      "an id for one that was none", requests: [25],
      "update change_request set object_guid = x'00112233445566778899AABBCCDDEEFF' where id = Q(25)"),
    Fault(
      "an id that its text does not spell", requests: [20],
      "update change_request set object_guid = x'00112233445566778899AABBCCDDEEFF' where id = Q(20)"),
  ])
  func `names the object ids of old releases that are wrong`(_ fault: Fault) async throws {
    for release in [Release.v7_5, .v7_6] {
      try await fault.expectBite(on: try SampleDatabases(release, .plain), "\(release)")
    }
  }

  @Test(arguments: Fault.all)
  func `names the rows that are wrong`(_ fault: Fault) async throws {
    // One release with integer keys and packed texts, one with neither.
    for release in [Release.v7_5, .v8_1] {
      try await fault.expectBite(on: try SampleDatabases(release, .damaged), "\(release)")
    }
  }

}

extension Fault {
  /// Plants it, and expects that the rows it changes are named and no others.
  func expectBite(on databases: SampleDatabases, _ comment: Comment) async throws {
    try databases.tamper(script(for: databases))
    let comparison = databases.comparison()
    let lines = try await comparison.lines()
    try expect(lines[0], comparison, .requests, requests.map { databases.key("r", $0) }, comment)
    try expect(lines[1], comparison, .tasks, tasks.map { databases.key("t", $0) }, comment)
  }

  private func expect(
    _ line: Verification.Line, _ comparison: HistoryComparison, _ rows: ComparedRows, _ keys: [Key],
    _ comment: Comment
  ) throws {
    #expect(line.agrees == keys.isEmpty, comment)
    #expect(line.differences.isEmpty == keys.isEmpty, comment)
    let differences = try #require(try comparison.differences(rows, in: .all))
    // Keys that only a fault can make stand below all others.
    let named = Set(differences.map(\.key)).filter {
      $0 > SourceKey.lowest(.integer) && $0 != SourceKey.lowest(.uuid)
    }
    #expect(named.isSuperset(of: keys), comment)
    #expect(named.count <= max(keys.count, 1), "\(differences) on \(comment)")
    for key in keys {
      #expect(line.differences.contains { KeyRange(parsing: $0, like: key)?.contains(key) == true }, comment)
    }
  }
}

extension KeyRange {
  /// Reads back what `description` says.
  init?(parsing text: String, like key: Key) {
    let kind: Key.Kind = if case .integer = key { .integer } else { .uuid }
    let parts = text.dropFirst().dropLast().split(separator: ", ")
    guard parts.count == 2 else { return nil }
    self.init(above: Key(String(parts[0]), kind: kind), through: Key(String(parts[1]), kind: kind))
  }
}
