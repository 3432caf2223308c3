import Base
import Database
import Glibc
import Migration
import Testing
import Transfer

@testable import Administration

private let isMeasuring = unsafe getenv("LOCKTENDER_SPEED") != nil

/// Tables that are large enough to be read in many pieces.
@Suite(.serialized) struct `A comparison of many rows` {
  @Test(arguments: [Release.v7_6, .v8_1])
  func `reads each row once and names a single one that differs`(_ release: Release) async throws {
    let bulk = try BulkDatabases(release, requests: 21_000)
    let databases = bulk.databases
    let lines = try await databases.comparison().lines()
    #expect(lines.map(\.agrees) == [true, true])
    #expect(lines[0].expectedRows == 21_000 * 6)
    let key = bulk.key(17_171)
    try databases.tamper(
      "update property_change set new_value = 'x' where ordinal = 2 and request_id = "
        + "(select id from change_request where source_key = '\(key)')")
    let line = try await databases.comparison().lines()[0]
    #expect(line.differences.count == 1)
    let range = try #require(line.differences.first.flatMap { KeyRange(parsing: $0, like: key) })
    #expect(range.contains(key))
    let differences = try databases.comparison().differences(.requests, in: range)
    #expect(differences?.map(\.description) == ["\(key): property 2 changed"])
    #expect(try databases.comparison().differences(.requests, in: .all, limit: 100) == nil)
  }

  /// Measures, and asserts nothing: `LOCKTENDER_SPEED=1 swift test --filter BulkTests`.
  @Test(.enabled(if: isMeasuring), arguments: [Release.v7_5, .v8_0, .v8_1], [Engine.sqlite, .postgresql])
  func `takes its time`(_ release: Release, _ engine: Engine) async throws {
    let bulk = try BulkDatabases(release, requests: 80_000, on: engine)
    for _ in 0..<2 {
      let clock = ContinuousClock()
      let start = clock.now
      let line = try await bulk.databases.comparison().lines()[0]
      let seconds = (clock.now - start) / .seconds(1)
      let rate = Int(Double(line.expectedRows) / seconds / 1000)
      print("verify \(release) on \(engine): \(rate) k rows/s on both sides at once, \(line.agrees)")
    }
    // One reader for each side, by the processor time that it takes: half of all rows.
    let comparison = bulk.databases.comparison()
    let source = try processorTime {
      _ = try comparison.readSource(.requests, SharedPieces(), 0, RangeSums(bounds: []), trace: nil)
    }
    let target = try processorTime {
      _ = try comparison.readDestination(.requests, SharedPieces(), 0, RangeSums(bounds: []), trace: nil)
    }
    print("  one core: source \(Int(240 / source)) k rows/s, destination \(Int(240 / target)) k rows/s")
  }
}

/// Seconds of processor time that the calling thread takes.
private func processorTime(_ body: () throws -> Void) rethrows -> Double {
  func now() -> Double {
    var time = timespec()
    unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
  let start = now()
  try body()
  return now() - start
}

/// A sample of any size, of rows that are all alike.
struct BulkDatabases {
  let databases: SampleDatabases

  init(_ release: Release, requests: Int, on engine: Engine = .sqlite) throws {
    databases = try SampleDatabases(release, SampleHistory(requests: [], tasks: []), on: engine)
    let source = try databases.openSource()
    let target = try databases.openTarget()
    for start in stride(from: 0, to: requests, by: 5000) {
      let part = SampleHistory(
        requests: (start..<min(requests, start + 5000)).map { BulkDatabases.request(Int64($0)) }, tasks: [])
      if release >= .v8_1 {
        try DividedTarget(release, part, .source).addRows(to: source)
      } else {
        try PackedSource(release: release, history: part).addRows(to: source)
      }
      try DividedTarget(.v8_2, part, .destination(SampleDatabases.importID, from: release), isFirst: false)
        .addRows(to: target)
    }
    if engine == .postgresql {
      try target.execute(unsafeScript: "analyze")
      try source.execute(unsafeScript: "analyze")
    }
  }

  func key(_ number: Int64) -> Key {
    guard databases.release >= .v8_1 else { return .integer(number) }
    let time = BulkDatabases.request(number).submitted.instant
    return .uuid(DividedTarget.sourceKey("r", number, time, databases.release))
  }

  private static func request(_ number: Int64) -> SampleRequest {
    let instant = Timestamp(microseconds: (1_400_000_000 + number * 1000) * 1_000_000)
    let local = CivilTime(instant, offsetMinutes: 330).description.replacing("T", with: " ")
    let time = SampleTime(local, instant.description, 19_800)
    return SampleRequest(
      key: number, submitted: time, completed: time, zone: "Asia/Kolkata",
      properties: (0..<4).map { SampleProperty("property\($0)", "old value \(number)", "the new value \($0)") },
      sections: [SampleSection(1, "approval", "granted", "by the manager")])
  }
}
