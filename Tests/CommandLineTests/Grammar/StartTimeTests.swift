import Base
@testable import CommandLine
import Testing

@Suite struct StartTimeTests {
  private let now = Timestamp(rfc3339: "2026-11-20T22:10:00Z")!

  @Test func `a time with a zone is that instant`() throws {
    #expect(
      try StartTime.parse("2026-11-20T23:30:00+01:00", now: now) == Timestamp(rfc3339: "2026-11-20T22:30:00Z"))
  }

  @Test(arguments: [
    "2026-11-20T22:10:00Z", "2020-01-01T00:00:00Z", "2027-01-01", "24:00", "7:30", "12:60", "now", "12:3x", "",
  ])
  func `what is past or no time is refused`(text: String) {
    #expect(throws: CommandLineError.self) { try StartTime.parse(text, now: now) }
  }

  @Test(arguments: ["00:00", "04:59", "12:00", "22:09", "22:10", "22:11", "23:59"])
  func `a time of day is the next one here, within a day and an hour`(text: String) throws {
    let start = try StartTime.parse(text, now: now)
    #expect(start > now && start.seconds(since: now) <= 25 * 3600)
    // The second time of day is reached from the first within an hour of a day, whatever the zone does.
    let later = try StartTime.parse(text, now: start)
    #expect((23 * 3600...25 * 3600).contains(Int(later.seconds(since: start))))
  }
}
