import Administration
import Base
import Database
import TestSupport
import Testing

/// The same seed tells the same events in every release: read back from each by code that shares nothing with the
/// writers.
@Suite struct LabSameHistoryTests {
  private func told(_ release: Release, _ damage: TextDamage) async throws -> (ToldHistory, TestLab) {
    let lab = try await TestLab(
      LabShape(release: release, store: .sqlite, isUndivided: release.mayBeUndivided), history: 2000
    ) { $0.damage = damage }
    return (try ToldHistory(lab), lab)
  }

  @Test(arguments: [Release.v7_6, .v8_0, .v8_1])
  func `packed texts, codes and local times tell the same as names, instants and rows`(
    _ release: Release
  ) async throws {
    let (old, _) = try await told(.v7_5, .all)
    let (new, _) = try await told(release, .all)
    try compare(old, new)
  }

  @Test func `the newest release tells the same where texts are clean`() async throws {
    let (old, _) = try await told(.v7_5, .none)
    let (new, _) = try await told(.v8_2, .none)
    try compare(old, new)
  }

  private func compare(_ old: ToldHistory, _ new: ToldHistory) throws {
    try #require(old.requests.count == 2000 && new.requests.count == 2000)
    for (place, pair) in zip(old.requests, new.requests).enumerated() where pair.0 != pair.1 {
      Issue.record("request \(place): \(pair.0) is told as \(pair.1)")
      break
    }
    for kind in TaskKind.allCases {
      let (left, right) = (old.tasks[kind] ?? [], new.tasks[kind] ?? [])
      #expect(!left.isEmpty && left.count == right.count)
      for (place, pair) in zip(left, right).enumerated() where pair.0 != pair.1 {
        Issue.record("\(kind) \(place): \(pair.0) is told as \(pair.1)")
        break
      }
    }
    #expect(old.missing > 0 && old.missing == new.missing)
  }

  @Test func `packed texts hold every kind of item, and fields that need every escape`() async throws {
    let lab = try await TestLab(LabShape(release: .v7_5, store: .sqlite, isUndivided: true), history: 20_000)
    var counts: Set<String> = []
    var escapes: Set<UInt8> = []
    var absent = 0
    let connection = try lab.open(.history)
    for name in ["request", "task"] {
      let table = try #require(lab.schema(.history).table(name))
      try connection.scan(table) { row in
        let packed = row.bytes(table.columns.count - 1) ?? []
        for item in try PackedItem.items(in: packed) {
          absent += item.fields.count { $0 == nil }
          counts.insert("\(item.letter)\(item.fields.count)")
        }
        var bytes = packed.makeIterator()
        while let byte = bytes.next() {
          if byte == UInt8(ascii: "\\"), let escaped = bytes.next() { escapes.insert(escaped) }
        }
      }
    }
    #expect(counts == ["C3", "W3", "P3", "R1", "D2", "A1"])
    #expect(escapes == Set("\\|n~".utf8))
    #expect(absent > 0)
  }

  @Test func `the old value of a change is the new value of the change before`() async throws {
    let lab = try await TestLab(LabShape(release: .v8_1, store: .sqlite, isUndivided: false)) {
      $0.rates = $0.rates.without(.invalidUTF8, .nul, .before1970, .lateCommit, .duplicateNaturalKey)
    }
    let connection = try lab.open(.history)
    var last: [String: String?] = [:]
    var (followed, broken) = (0, 0)
    try connection.rows(
      """
      select hex(r.object_guid), p.name, p.old_value, p.new_value from change_request r
      join property_change p on p.request_id = r.id
      where r.operation = 'modify' and p.name in ('title', 'department', 'mobile', 'description', 'postalCode')
      and r.object_class = 'user' order by r.rowid, p.ordinal
      """, [.text, .text, .text, .text]
    ) { row in
      let place = "\(row.string(0)!) \(row.string(1)!)"
      if let before = last[place] {
        followed += 1
        if before != row.string(2) { broken += 1 }
      }
      last[place] = row.string(3)
    }
    #expect(followed > 100 && broken == 0)
  }
}
