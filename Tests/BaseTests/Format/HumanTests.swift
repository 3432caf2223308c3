import Base
import Testing

struct HumanTests {
  @Test(
    arguments: [
      (0, "0"), (999, "999"), (1000, "1,000"), (-1000, "-1,000"), (1_234_567, "1,234,567"), (-12, "-12"),
      (.max, "9,223,372,036,854,775,807"), (.min, "-9,223,372,036,854,775,808"),
    ] as [(Int64, String)])
  func `counts have separators`(number: Int64, text: String) {
    #expect(Human.count(number) == text)
  }

  @Test func `one is singular`() {
    #expect(Human.count(1, "row") == "1 row")
    #expect(Human.count(0, "row") == "0 rows")
    #expect(Human.count(2000, "entry", plural: "entries") == "2,000 entries")
  }

  @Test(
    arguments: [
      (0, "0 B"), (1, "1 B"), (1023, "1023 B"), (1024, "1.0 KiB"), (1536, "1.5 KiB"), (-1536, "-1.5 KiB"),
      (102_348, "99.9 KiB"), (102_400, "100 KiB"), (1_048_063, "1023 KiB"), (1_048_064, "1.0 MiB"),
      (1_048_575, "1.0 MiB"),
      (5 << 30, "5.0 GiB"), (230 << 40, "230 TiB"), (.max, "8.0 EiB"), (.min, "-8.0 EiB"),
    ] as [(Int64, String)])
  func `bytes have the unit that suits them`(number: Int64, text: String) {
    #expect(Human.bytes(number) == text)
  }

  @Test func `rates are exact when small and whole when large`() {
    #expect(Human.rate(0, "rows") == "0.0 rows/s")
    #expect(Human.rate(3.24, "rows") == "3.2 rows/s")
    #expect(Human.rate(99.94, "rows") == "99.9 rows/s")
    #expect(Human.rate(99.95, "rows") == "100 rows/s")
    #expect(Human.rate(12_345.4, "rows") == "12,345 rows/s")
    #expect(Human.rate(.infinity, "rows") == "– rows/s")
    #expect(Human.rate(.nan, "rows") == "– rows/s")
    #expect(Human.byteRate(12.3 * 1_048_576) == "12.3 MiB/s")
    #expect(Human.byteRate(-1) == "– B/s")
  }

  @Test(arguments: [
    (0, "0 s"), (0.0004, "<1 ms"), (0.0126, "13 ms"), (0.9994, "999 ms"), (0.9996, "1.0 s"), (4.24, "4.2 s"),
    (9.94, "9.9 s"), (9.96, "10 s"), (59.4, "59 s"), (59.5, "1 min 00 s"), (125, "2 min 05 s"),
    (3599.4, "59 min 59 s"),
    (3599.6, "1 h 00 min"), (3780, "1 h 03 min"), (7185, "2 h 00 min"), (86_369, "23 h 59 min"),
    (86_370, "1 d 00 h"),
    (187_200, "2 d 04 h"), (-125, "-2 min 05 s"), (100_000_000_000, "1,157,407 d 10 h"), (.infinity, "–"),
    (.nan, "–"),
  ])
  func `durations show their two largest units`(seconds: Double, text: String) {
    #expect(Human.duration(seconds: seconds) == text)
  }

  @Test(arguments: [
    (0, "less than 10 s"), (9, "less than 10 s"), (9.1, "about 10 s"), (31, "about 40 s"), (50, "about 50 s"),
    (51, "about 1 min"), (121, "about 3 min"), (3540, "about 59 min"), (3541, "about 1 h"),
    (8401, "about 2 h 30 min"),
    (85_800, "about 23 h 50 min"), (85_801, "about 1 d"), (273_601, "about 3 d 5 h"), (.infinity, "–"), (-1, "–"),
    (.nan, "–"),
  ])
  func `what is left is rounded up coarsely`(seconds: Double, text: String) {
    #expect(Human.remaining(seconds: seconds) == text)
  }

  @Test func `a percentage calls nothing complete that is not`() {
    #expect(Human.percentage(0, of: 10) == "0 %")
    #expect(Human.percentage(10, of: 10) == "100 %")
    #expect(Human.percentage(999_999, of: 1_000_000) == ">99.9 %")
    #expect(Human.percentage(.max - 1, of: .max) == ">99.9 %")
    #expect(Human.percentage(1, of: 1_000_000) == "<0.1 %")
    #expect(Human.percentage(1, of: 3) == "33.3 %")
    #expect(Human.percentage(15, of: 10) == "150.0 %")
    #expect(Human.percentage(1, of: 0) == "–")
  }

  @Test func `random percentages are within a twentieth of a percent`() {
    var generator = SeededGenerator(seed: 11)
    for _ in 0..<2000 {
      let whole = Int64.random(in: 1...1_000_000, using: &generator)
      let part = Int64.random(in: 0...whole, using: &generator)
      let text = Human.percentage(part, of: whole)
      guard let shown = Double(text.dropLast(2)) else { continue }
      #expect(abs(shown - Double(part) / Double(whole) * 100) <= 0.050_000_1, "\(part) of \(whole): \(text)")
    }
  }

  @Test func `an estimate goes on at the speed up to now`() {
    #expect(Human.estimate(done: 25, of: 100, elapsed: 10) == 30)
    #expect(Human.estimate(done: 100, of: 100, elapsed: 10) == 0)
    #expect(Human.estimate(done: 0, of: 100, elapsed: 10) == nil)
    #expect(Human.estimate(done: 5, of: 1, elapsed: 10) == nil)
  }
}
