import Base
import Cryptography
import Database
import Migration
import TestSupport
import Testing

@testable import Administration

/// Rejected rows that somebody repairs and brings.
@Suite struct RepairedRejectTests {
  /// A fault in one row, and the column that it is in.
  private struct Plant {
    let table: String
    let column: String
    let fault: String
    /// Which rows it may strike.
    var condition = "1 = 1"
  }

  private static let plants: [Release: [Plant]] = [
    .v7_5: [
      Plant(table: "request", column: "submitted", fault: "'in May'"),
      Plant(table: "request", column: "operation", fault: "9999"),
      Plant(table: "request", column: "zone", fault: "'Middle-earth/Shire'"),
      Plant(table: "task", column: "kind", fault: "77", condition: "request_id IS NOT NULL"),
      Plant(table: "task", column: "status", fault: "77", condition: "status = 0"),
    ],
    .v7_6: [
      Plant(table: "change_history", column: "status", fault: "9999"),
      Plant(table: "change_history_section", column: "kind", fault: "'Q'"),
      Plant(table: "management_task", column: "kind", fault: "77", condition: "request_id IS NOT NULL"),
    ],
    .v8_1: [
      Plant(table: "change_request", column: "operation", fault: "'juggle'"),
      Plant(table: "request_section", column: "kind", fault: "'other'"),
      Plant(table: "approval_task", column: "state", fault: "'asleep'"),
    ],
  ]

  /// Spoils one row for each fault; tells what to put back, by table, column and row.
  private func spoil(_ bench: FaultBench, _ plants: [Plant]) throws -> [String: JSONValue] {
    let source = try Connection.open(bench.source, options: .readWrite)
    var good: [String: JSONValue] = [:]
    for (number, plant) in plants.enumerated() {
      let row = try #require(
        try source.integer(
          """
          SELECT rowid FROM \(identifier: plant.table) WHERE \(unsafeSQL: plant.condition)
          ORDER BY (rowid + \(Int64(number))) * 7919 % 1009 LIMIT 1 OFFSET \(Int64(number))
          """))
      try source.rows(
        "SELECT \(identifier: plant.column), typeof(\(identifier: plant.column)) = 'integer' FROM \(identifier: plant.table) WHERE rowid = \(row)",
        [.text, .integer]
      ) { view in
        let text = view.string(0) ?? ""
        good["\(plant.column)"] = view.integer(1) == 1 ? .integer(Int64(text) ?? 0) : .string(text)
      }
      try source.execute(
        "UPDATE \(identifier: plant.table) SET \(identifier: plant.column) = \(unsafeSQL: plant.fault) WHERE rowid = \(row)"
      )
      good["\(number)"] = good.removeValue(forKey: plant.column)
    }
    try source.close()
    return good
  }

  /// The lines of a reject file with the good values put back.
  private func repaired(_ path: String, _ plants: [Plant], _ good: [String: JSONValue]) throws -> String {
    var text = ""
    for line in try Base.Files.readText(path, limit: 1 << 26).split(separator: "\n") {
      var object = try #require(try JSONValue(parsing: String(line), source: "rejects").objectValue)
      var fields = try #require(object["fields"]?.objectValue)
      for (number, plant) in plants.enumerated() {
        for name in fields.keys where name.split(separator: ".").last.map({ $0 == plant.column[...] }) == true {
          let fault = plant.fault.filter { $0 != "'" }
          let found = fields[name]
          if found == .string(fault) || found == Int64(fault).map({ .integer($0) }) {
            fields[name] = good["\(number)"]
          }
        }
      }
      object["fields"] = .object(fields)
      text += JSONValue.object(object).compact() + "\n"
    }
    return text
  }

  private func write(_ bench: FaultBench, _ file: String) throws {
    try bench.folder.write(
      """
      { version: 1, name: "faults", administration: {
          sources: {
            main: { kind: "database", location: "\(bench.source.description)" },
            repaired: { kind: "rejects", file: "\(file)" } },
          destination: { history: "\(bench.destination.description)" } } }
      """, to: "platform.json5", mode: 0o600)
  }

  @Test(arguments: [Release.v7_5, .v7_6, .v8_1])
  func `repaired rows come with a second import, as if they had never been amiss`(_ release: Release) async throws {
    let whole = try await FaultBench(.sqliteToSQLite, release)
    #expect(try await whole.workbench().importHistory().state == .verified)
    let bench = try await FaultBench(.sqliteToSQLite, release)
    let plants = RepairedRejectTests.plants[release] ?? []
    let good = try spoil(bench, plants)
    let first = try bench.program("apply", "--plan", bench.program.plan())
    #expect(first.status == 4, "\(first.errors)")
    let list = try #require(try bench.program.runs().last) + "/rejects.jsonl"
    let file = try bench.folder.write(try repaired(list, plants, good), to: "repaired.jsonl", mode: 0o600)
    try write(bench, file)

    // Two ways to one history at once would bring it twice.
    let both = try bench.program("check", "administration/history", "--json")
    #expect(both.status == 3 && both.output.contains("source.once"), "\(both.output)")

    let second = try bench.program("apply", "--plan", bench.program.plan("--source", "repaired"))
    #expect(second.status == 0, "\(second.errors)")
    let besides: Set = ["import_id"]
    #expect(
      try HistoryDigest.of(besides: besides, on: bench.openDestination())
        == HistoryDigest.of(besides: besides, on: whole.openDestination()))

    // The times that are in are the same as before, and nothing comes twice. The source still has its faults.
    let rest = try bench.program("apply", "--plan", bench.program.plan("--source", "main"))
    #expect(rest.status == 4 && rest.errors.contains("both sides hold the same but for"), "\(rest.errors)")
    let again = try bench.program("apply", "--plan", bench.program.plan("--source", "repaired"))
    #expect(again.status == 4, "\(again.errors)")
    #expect(
      try HistoryDigest.of(besides: besides, on: bench.openDestination())
        == HistoryDigest.of(besides: besides, on: whole.openDestination()))
  }

  @Test(arguments: [
    ("{\"stream\":", "no JSON"), ("[]", "no object"), ("", "holds no row"),
    (#"{"stream":"main/requests","key":"1","fields":{}}"#, "none of an administration database"),
    (#"{"stream":"main/requests","source":"SOURCE","version":"7.5","key":"one","fields":{}}"#, "its key"),
    (#"{"stream":"main/bills","source":"SOURCE","version":"7.5","key":"1","fields":{}}"#, "no table"),
    (#"{"stream":"main/requests","source":"SOURCE","version":"7.5","key":"1","fields":{"colour":1}}"#, "no column"),
    (
      #"{"stream":"main/requests","source":"SOURCE","version":"7.5","key":"1","fields":{"status":"x"}}"#,
      "whole number"
    ),
    (
      #"{"stream":"main/requests","source":"SOURCE","version":"7.5","key":"1","fields":{"zone":null}}"#,
      "must have a value"
    ),
  ])
  func `a line that cannot be taken is named, and no value of it`(_ line: String, _ words: String) async throws {
    let bench = try await FaultBench(history: 50)
    let file = try bench.folder.write(
      line.replacing("SOURCE", with: UniqueID.random().description) + "\n", to: "repaired.jsonl", mode: 0o600)
    try write(bench, file)
    let check = try bench.program("check", "administration/history", "--source", "repaired", "--json")
    #expect(check.status == 3 && check.output.contains(words), "\(check.output)\(check.errors)")
    if !words.contains("holds no row"), !words.contains("none of") { #expect(check.output.contains("line 1")) }
    #expect(try bench.isUntouched())
  }
}
