import Base
import Database
import Migration
import TestSupport
import Testing

@testable import Administration

@Suite struct ObjectHistoryTests {
  private let guid = UniqueID("0f1e2d3c-4b5a-4678-8796-a5b4c3d2e1f0")!
  private let other = UniqueID("1f1e2d3c-4b5a-4678-8796-a5b4c3d2e1f0")!

  @Test(arguments: engines) func `an object is followed across its names, whichever it is asked by`(engine: Engine)
    throws
  {
    let bench = try ReadingBench(engine)
    let first = try bench.request(1, "2020-01-01T00:00:00Z", "CN=Ana Müller,OU=Süd,DC=x", "create", guid: guid)
    try bench.rename(
      2, "2021-01-01T00:00:00Z", guid: guid, "CN=Ana Müller,OU=Süd,DC=x", to: "CN=Ana Huber,OU=Süd,DC=x")
    // Without an id, under the name of that time.
    try bench.request(3, "2021-06-01T00:00:00Z", "CN=Ana Huber,OU=Süd,DC=x")
    try bench.rename(
      4, "2022-01-01T00:00:00Z", guid: guid, "CN=Ana Huber,OU=Süd,DC=x", to: "CN=Nobody,DC=x", state: "rejected")
    try bench.rename(5, "2023-01-01T00:00:00Z", guid: guid, "CN=Ana Huber,OU=Süd,DC=x", to: "CN=安娜\\, A,OU=北,DC=x")
    // Somebody else has the old name by now.
    try bench.request(6, "2024-01-01T00:00:00Z", "CN=Ana Huber,OU=Süd,DC=x")
    try bench.request(7, "2024-01-02T00:00:00Z", "CN=Other,DC=x", guid: other)
    for typed in [
      guid.description, guid.description.uppercased(), first.description, "CN=Ana Müller,OU=Süd,DC=x",
      "cn=ana huber, ou=SÜD, dc=X", "Ana Müller", "CN=Ana Huber", "CN=安娜\\, A,OU=北,DC=x", "安娜, A", "CN=安娜\\2C a",
    ] {
      let told = try bench.ask(.object(typed))
      #expect(told.numbers == [5, 4, 3, 2, 1], "\(typed)")
      #expect(told.heading?.subject.id == guid)
      #expect(told.heading?.subject.name == "CN=安娜\\, A,OU=北,DC=x")
      #expect(told.heading?.subject.names.count == 3)
      // The request of 2024 is counted, not told, and not passed over in silence.
      #expect(told.heading?.subject.notes.contains { $0.hasPrefix("1 more") } == true)
    }
    let told = try bench.ask(.object(guid.description))
    #expect(told.entries.map(\.isByName) == [false, false, true, false, false])
    #expect(told.entries[1].state == "rejected")
    let entry = told.entries[4]
    #expect(entry.local == "2020-01-01T01:00:00+01:00" && entry.zone == "Europe/Vienna")
    #expect(entry.at == Timestamp(rfc3339: "2020-01-01T00:00:00Z") && entry.completedAt != nil)
    #expect(entry.source.kind == "service" && entry.source.importID == 0)
    #expect(try bench.ask(.name("CN=Ana Huber,OU=Süd,DC=x")).numbers == [6, 5, 4, 3])
    #expect(try bench.ask(.object("Nobody At All")).closing == nil)
  }

  @Test(arguments: engines) func `an object without an id is followed by its names`(engine: Engine) throws {
    let bench = try ReadingBench(engine)
    try bench.request(1, "2020-01-01T00:00:00Z", "CN=a", "create")
    try bench.rename(2, "2021-01-01T00:00:00Z", "CN=a", to: "CN=b")
    try bench.request(3, "2021-02-01T00:00:00Z", "CN=b")
    try bench.rename(4, "2022-01-01T00:00:00Z", "CN=b", to: "CN=c")
    try bench.request(5, "2022-02-01T00:00:00Z", "CN=c")
    // A later object of the first name.
    try bench.request(6, "2023-01-01T00:00:00Z", "CN=a", "create")
    for typed in ["CN=b", "CN=c"] {
      let told = try bench.ask(.object(typed))
      #expect(told.numbers == [5, 4, 3, 2, 1], "\(typed)")
      #expect(told.heading?.subject.names.map(\.name) == ["CN=a", "CN=b", "CN=c"])
      #expect(told.heading?.subject.notes.count == 2)
      #expect(told.said.count == (typed == "CN=b" ? 1 : 2))
    }
    #expect(try bench.ask(.object("CN=a")).numbers == [5, 4, 3, 2, 1])
  }

  @Test(arguments: engines) func `names longer than an index holds are told apart`(engine: Engine) throws {
    let bench = try ReadingBench(engine)
    var random = TestSupport.SeededGenerator(seed: 7)
    func long(_ end: String) -> String {
      "CN="
        + String((0..<4000).map { _ in "abcdefghijklmnopqrstuvwxyzäöü0123456789".randomElement(using: &random)! })
        + end
    }
    let name = long("1")
    let others = [String(name.dropLast()) + "2", String(name.prefix(300)), long("3")]
    try bench.request(1, "2020-01-01T00:00:00Z", name, guid: guid, by: name)
    for (index, other) in others.enumerated() {
      try bench.request(2 + index, "2020-01-01T00:00:00Z", other, guid: UniqueID.random(), by: other)
    }
    #expect(try bench.ask(.object(name)).numbers == [1])
    #expect(try bench.ask(.object(name.uppercased())).numbers == [1])
    #expect(try bench.ask(.object(String(name.dropFirst(3)))).numbers == [1])
    #expect(try bench.ask(.object(others[0])).numbers == [2])
    #expect(try bench.ask(.object(String(others[1].dropFirst(3)))).numbers == [3])
    #expect(try bench.ask(.user(name)).numbers == [1])
    #expect(try bench.ask(.user(String(others[0].dropFirst(3)))).numbers == [2])
  }

  @Test(arguments: engines) func `a name that two objects have had is asked back`(engine: Engine) throws {
    let bench = try ReadingBench(engine)
    try bench.request(1, "2020-01-01T00:00:00Z", "CN=x,DC=one", guid: guid)
    try bench.request(2, "2021-01-01T00:00:00Z", "CN=x,DC=one", guid: other)
    try bench.request(3, "2022-01-01T00:00:00Z", "CN=x,DC=two", guid: other)
    let told = try bench.ask(.object("CN=x,DC=one"))
    #expect(told.candidates.map(\.key) == [other.description, guid.description])
    #expect(told.candidates.map(\.name) == ["CN=x,DC=two", "CN=x,DC=one"])
    #expect(told.candidates.map(\.requests) == [2, 1])
    #expect(try bench.ask(.object("CN=x,DC=two")).numbers == [3, 2])
    // Nearly is not enough, but said.
    guard case .unknown(let near) = try bench.ask(.object("DC=three")).answer else {
      Issue.record("found")
      return
    }
    #expect(near.isEmpty)
  }

  @Test(arguments: engines) func `tasks stand with their request, and by themselves where it is another's or gone`(
    engine: Engine
  ) throws {
    let bench = try ReadingBench(engine)
    let own = try bench.request(1, "2020-01-01T00:00:00Z", "CN=x", guid: guid, by: "CORP\\asker")
    let group = try bench.request(2, "2021-01-01T00:00:00Z", "CN=group", "add-member", guid: other)
    try bench.approval(10, of: own, subject: "CN=x", by: "CORP\\boss", decision: "rejected")
    try bench.approval(11, of: own, subject: "CN=x", by: "CORP\\boss2", due: "2020-02-01T00:00:00Z")
    try bench.membership(12, of: group, member: "CN=x", group: "CN=group", due: "2022-01-01T00:00:00Z")
    try bench.approval(13, of: UniqueID.random(), subject: "CN=x", by: "CORP\\boss", due: "2019-01-01T00:00:00Z")
    try bench.approval(14, of: nil, subject: "CN=x", by: "CORP\\boss")
    let told = try bench.ask(.object("CN=x"))
    // The membership stands with the time of the group's request, the last one has no time at all.
    #expect(told.numbers == [12, 1, 13, 14])
    #expect(told.entries[1].tasks.map(\.party).sorted() == ["CORP\\boss", "CORP\\boss2"])
    #expect(told.entries[0].record == .task && told.entries[0].object?.name == "CN=group")
    #expect(told.entries[0].tasks[0].state == "held" && told.entries[0].request == group)
    #expect(told.entries[3].at == nil)
    #expect(try bench.ask(.object("CN=group")).entries.map { $0.tasks.count } == [1])

    let boss = try bench.ask(.user("boss"))
    #expect(boss.heading?.subject.name == "CORP\\boss")
    #expect(boss.numbers == [10, 13, 14])
    #expect(boss.entries[0].initiator == "CORP\\asker" && boss.entries[0].tasks[0].decision == "rejected")
    #expect(try bench.ask(.user("corp\\ASKER")).numbers == [1])
    let late = try bench.ask(.user("boss"), HistoryFilter(since: Timestamp(rfc3339: "2019-06-01")))
    #expect(late.numbers == [10])
  }

  @Test(arguments: engines) func `old bytes that could not be shown come with their entry`(engine: Engine) throws {
    let bench = try ReadingBench(engine)
    let id = try bench.request(
      1, "2020-01-01T00:00:00Z", "CN=x", guid: guid,
      properties: [("a", nil, ""), ("b", "x\u{2400}y", nil), ("c", "\u{202E}<script>\r\n", "=1+1")])
    try bench.connection.execute(
      """
      INSERT INTO original_value (row_id, ordinal, field, value, import_id)
      VALUES (\(id), 1, 'property.old_value', \([0x78, 0x00, 0x79] as [UInt8]), 0)
      """)
    let entry = try #require(try bench.ask(.object("CN=x")).entries.first)
    #expect(entry.properties.map(\.change) == ["added", "removed", "changed"])
    #expect(entry.properties[0].new == "" && entry.properties[0].old == nil)
    #expect(entry.properties[2].old == "\u{202E}<script>\r\n")
    #expect(entry.originals == [HistoryOriginal(row: id, field: "property.old_value", ordinal: 1, bytes: "780079")])
  }
}
