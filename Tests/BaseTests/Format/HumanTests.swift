import Base
import Testing

struct HumanTests {
  @Test(
    arguments: [
      (0, "0"), (999, "999"), (1000, "1,000"), (-1000, "-1,000"), (1_234_567, "1,234,567"), (-12, "-12"),
      (.max, "9,223,372,036,854,775,807"), (.min, "-9,223,372,036,854,775,808"),
    ] as [(Int, String)])
  func `counts have separators`(number: Int, text: String) {
    #expect(Human.count(number) == text)
  }

  @Test func `one is singular`() {
    #expect(Human.count(1, "row") == "1 row")
    #expect(Human.count(0, "row") == "0 rows")
    #expect(Human.count(2000, "entry", "entries") == "2,000 entries")
  }

  @Test(arguments: [
    (0.0, "0 B"), (999, "999 B"), (999.6, "1.0 kB"), (1000, "1.0 kB"), (48_100_000, "48.1 MB"),
    (99_950_000, "100 MB"), (999_500_000, "1.0 GB"), (-5, "0 B"), (1e21, "1,000,000 PB"),
  ])
  func `sizes are read in powers of a thousand`(count: Double, text: String) {
    #expect(Human.bytes(count) == text)
  }

  @Test(arguments: [
    (0.0, "0.0 s"), (9.94, "9.9 s"), (9.96, "10 s"), (59.4, "59 s"), (59.6, "1:00 min"), (761, "12:41 min"),
    (3599.6, "1:00:00 h"), (11_100, "3:05:00 h"), (187_200, "2 d 4 h"), (.infinity, "–"), (.nan, "–"),
    (-3, "0.0 s"),
  ])
  func `durations are read as people say them`(seconds: Double, text: String) {
    #expect(Human.duration(seconds) == text)
  }

  @Test func `an instant is shown to the second`() {
    #expect(Human.instant(Timestamp(microseconds: 1_700_000_000_123_456)) == "2023-11-14 22:13:20 UTC")
    #expect(Human.instant(Timestamp(microseconds: -1)) == "1969-12-31 23:59:59 UTC")
    // PostgreSQL's infinities.
    #expect(Human.instant(Timestamp(microseconds: .max)).hasPrefix("294247-01-10"))
    #expect(Human.instant(Timestamp(microseconds: .min)).hasPrefix("-290308-12-21"))
  }
}
