import Administration
import Base
import Database
import TestSupport
import Testing

/// The hours that occur twice or never, found by the calendar's rules alone and not by any zone code.
@Suite struct LabTimeTests {
  /// A rule of daylight saving time: the hour of one Sunday a year that is shown twice or left out.
  private struct Rule {
    let zone: String
    let month: Int
    /// 1 for the first Sunday of the month, 0 for the last.
    let sunday: Int
    let from: Int
    let until: Int
    var years: ClosedRange<Int> = 2014...2026

    /// Whether it is that hour, in minutes of the day.
    func covers(_ time: CivilTime) -> Bool {
      let days = Int(
        CivilTime(year: time.year, month: time.month, day: time.day).instant(offsetMinutes: 0).microseconds
          / 86_400_000_000)
      // 1970-01-04 was a Sunday.
      guard (days - 3) % 7 == 0, time.month == month, years.contains(time.year) else { return false }
      let isDay = sunday == 0 ? time.day > (month == 9 ? 23 : 24) : (time.day - 1) / 7 == sunday - 1
      return isDay && (from..<until).contains(time.hour * 60 + time.minute)
    }
  }

  private static let twice = [
    Rule(zone: "Europe/Vienna", month: 10, sunday: 0, from: 120, until: 180),
    Rule(zone: "America/New_York", month: 11, sunday: 1, from: 60, until: 120),
    Rule(zone: "Australia/Lord_Howe", month: 4, sunday: 1, from: 90, until: 120),
    Rule(zone: "Pacific/Apia", month: 4, sunday: 1, from: 180, until: 240, years: 2014...2021),
  ]
  private static let never = [
    Rule(zone: "Europe/Vienna", month: 3, sunday: 0, from: 120, until: 180),
    Rule(zone: "America/New_York", month: 3, sunday: 2, from: 120, until: 180),
    Rule(zone: "Australia/Lord_Howe", month: 10, sunday: 1, from: 120, until: 150),
    Rule(zone: "Pacific/Apia", month: 9, sunday: 0, from: 180, until: 240, years: 2014...2020),
  ]

  private static func rule(_ rules: [Rule], _ zone: String?, _ time: CivilTime) -> Rule? {
    rules.first { $0.zone == zone && $0.covers(time) }
  }

  @Test func `local times hold the hours that occur twice and those that never were`() async throws {
    let lab = try await TestLab(LabShape(release: .v7_6, store: .sqlite, isUndivided: true))
    var (twice, never, before1970) = (0, 0, 0)
    var folds: Set<String> = []
    try lab.open(.history).rows(
      "select submitted, submitted_fold, zone from change_history order by id", [.text, .integer, .text]
    ) { row in
      let (text, fold) = (row.bytes(0) ?? [], row.integer(1))
      guard let (time, used) = CivilTime.parse(text.span), used == text.count else {
        Issue.record("no local time: \(text)")
        return
      }
      if Self.rule(Self.twice, row.string(2), time) != nil {
        twice += 1
        folds.insert("\(row.string(2)!) \(fold!)")
      } else {
        #expect(fold == 0, "a fold outside of the hours that occur twice")
      }
      if Self.rule(Self.never, row.string(2), time) != nil { never += 1 }
      if time.year < 1970 { before1970 += 1 }
    }
    #expect(twice == lab.manifest.count(of: .ambiguousHour))
    #expect(never == lab.manifest.count(of: .nonexistentHour))
    #expect(folds.count == 8, "both readings in four zones: \(folds)")
    #expect(before1970 > 0)
  }

  @Test func `instants keep both readings apart by their offsets`() async throws {
    let lab = try await TestLab(LabShape(release: .v8_0, store: .sqlite, isUndivided: false))
    var offsets: [String: Set<Int64>] = [:]
    var (twice, late, before1970) = (0, 0, 0)
    var last = Int64.min
    try lab.open(.history).rows(
      "select submitted_at, submitted_offset, zone from change_request order by id", [.timestamp, .integer, .text]
    ) { row in
      let (instant, offset) = (row.timestamp(0)!, row.integer(1)!)
      let time = CivilTime(instant, offsetMinutes: Int(offset / 60))
      if Self.rule(Self.twice, row.string(2), time) != nil {
        twice += 1
        offsets[row.string(2)!, default: []].insert(offset)
      }
      if instant.microseconds < 0 {
        before1970 += 1
      } else {
        if instant.microseconds < last { late += 1 }
        last = instant.microseconds
      }
    }
    #expect(offsets["Europe/Vienna"] == [3600, 7200])
    #expect(offsets["America/New_York"] == [-18000, -14400])
    #expect(offsets["Australia/Lord_Howe"] == [37800, 39600])
    #expect(twice == lab.manifest.count(of: .ambiguousHour))
    #expect(before1970 == lab.manifest.count(of: .before1970))
    #expect(late > 0)
    #expect(late == lab.manifest.count(of: .lateCommit))
  }

  @Test func `keys of 8.1 carry the times of their rows`() async throws {
    let lab = try await TestLab(LabShape(release: .v8_1, store: .sqlite, isUndivided: false))
    let connection = try lab.open(.history)
    var wrong = 0
    try connection.rows("select id, submitted_at from change_request", [.uuid, .timestamp]) { row in
      let id = row.uuid(0)!
      if id.version != 7 || id.milliseconds != max(0, row.timestamp(1)!.milliseconds) { wrong += 1 }
    }
    for table in ["approval_task", "temporal_membership_task", "deprovisioning_task"] {
      try connection.rows(
        """
        select t.id, coalesce(t.due_at, r.submitted_at) from \(identifier: table) t
        left join change_request r on r.id = t.request_id
        """, [.uuid, .timestamp]
      ) { row in
        if row.uuid(0)!.milliseconds != max(0, row.timestamp(1)?.milliseconds ?? -1) { wrong += 1 }
      }
    }
    #expect(wrong == 0)
  }

  @Test func `work is done by day, on weekdays, and more from year to year`() async throws {
    let lab = try await TestLab(LabShape(release: .v7_5, store: .sqlite, isUndivided: true)) { $0.rates = .none }
    let connection = try lab.open(.history)
    func count(_ condition: SQL) throws -> Int64 {
      try #require(try connection.integer("select count(*) from request where \(fragment: condition)"))
    }
    let all = try count("true")
    #expect(try count("substr(submitted, 12, 2) between '08' and '17'") > all * 8 / 10)
    #expect(try count("strftime('%w', substr(submitted, 1, 10)) in ('0', '6')") < all / 10)
    #expect(try count("submitted < '2020-07-01'") < all * 42 / 100)
    #expect(try count("submitted < '2014-06-30' or submitted > '2026-07-02'") == 0)
    #expect(try count("operation = 2") > all * 65 / 100)
  }
}
