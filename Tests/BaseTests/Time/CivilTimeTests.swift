import Base
import Testing

struct CivilTimeTests {
  @Test func `random instants are written and read as Python does`() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("seed \(seed)")
    var generator = SeededGenerator(seed: seed)
    var instants = [Int64]()
    // Python's years go from 1 to 9999.
    for _ in 0..<3000 {
      instants.append(Int64.random(in: -62_135_596_800_000_000...253_402_300_799_999_999, using: &generator))
      instants.append(Int64.random(in: -2_000_000_000...2_000_000_000, using: &generator) * 1_000_000)
      instants.append(Int64.random(in: -100...100, using: &generator))
    }
    let program = """
      import sys
      from datetime import datetime, timedelta
      for line in open(sys.argv[1]):
          t = datetime(1970, 1, 1) + timedelta(microseconds=int(line))
          text = t.isoformat(timespec='microseconds')
          print(text.rstrip('0').rstrip('.') if t.microsecond else text[:-7])
      """
    let told = try python(program, input: instants.map { "\($0)" }.joined(separator: "\n")).split(separator: "\n")
    #expect(told.count == instants.count)
    for (microseconds, text) in zip(instants, told) {
      let instant = Timestamp(microseconds: microseconds)
      #expect(instant.description == text + "Z")
      #expect(Timestamp(rfc3339: text + "Z") == instant)
      #expect(
        instant.milliseconds == Int64((Double(microseconds) / 1000).rounded(.down)) || abs(microseconds) > 1 << 52)
    }
  }

  @Test func `civil time and instant are each other's inverse, in any zone and far beyond the calendar`() {
    var generator = SeededGenerator(seed: 7)
    for _ in 0..<20_000 {
      let instant = Timestamp(
        microseconds: Int64.random(in: -4_000_000_000_000_000_000...4_000_000_000_000_000_000, using: &generator))
      let offset = Int.random(in: -90_000...90_000, using: &generator)
      let civil = CivilTime(instant, offsetSeconds: offset)
      #expect(civil.instant(offsetSeconds: offset) == instant)
      #expect((1...12).contains(civil.month) && (1...31).contains(civil.day) && (0...23).contains(civil.hour))
      #expect(CivilTime(instant, offsetMinutes: offset / 60) == CivilTime(instant, offsetSeconds: offset / 60 * 60))
    }
  }

  @Test(arguments: [
    "2019-10-27T02:30:00+01:00", "2019-10-27 01:30:00Z", "2019-10-27t01:30:00.000000z", "2019-10-27T01:30:00-00:00",
    "2019-10-27T03:00:00+0130", "2019-10-26T21:45:00-03:45",
  ])
  func `all spellings of an instant are the same instant`(text: String) {
    #expect(Timestamp(rfc3339: text)?.microseconds == 1_572_139_800_000_000)
  }

  @Test(arguments: [
    "", "2019", "2019-02-29", "2019-02-29T00:00:00Z", "2019-13-01T00:00:00Z", "2019-00-01T00:00:00Z",
    "2019-01-00T00:00:00Z", "2019-01-01T24:00:00Z", "2019-01-01T00:60:00Z", "2019-01-01T00:00:60Z",
    "2019-01-01T00:00:00", "2019-01-01T00:00:00.Z", "2019-01-01T00:00:00.1234567Z", "2019-01-01T00:00:00+",
    "2019-01-01T00:00:00+01", "2019-01-01T00:00:00+24:00", "2019-01-01T00:00:00+01:60", "2019-01-01T00:00:00+01:0",
    "2019-01-01T00:00:00+0:100", "2019-01-01T00:00:00+01:000", "2019-01-01T00:00:00 +01:00",
    "2019-01-01T00:00:00ZZ",
    "2019-01-01T00:00:00*01:00", "1900-02-29", "+019-01-01T00:00:00Z", "2019/01/01T00:00:00Z",
    "2019-01-01T00:00:00+::::",
  ])
  func `what is no instant is refused`(text: String) {
    #expect(Timestamp(rfc3339: text) == nil)
  }

  @Test func `a plain date is its first instant, and leap days exist where they do`() {
    #expect(Timestamp(rfc3339: "1970-01-02")?.microseconds == 86_400_000_000)
    #expect(Timestamp(rfc3339: "2000-02-29") != nil)
    #expect(Timestamp(rfc3339: "2024-02-29") != nil)
  }

  @Test func `a time is taken from the start of a text, and no more of it`() throws {
    func used(_ text: String) -> Int? { CivilTime.parse(Array(text.utf8).span)?.used }
    #expect(used("2019-10-27T02:30:00.5 and more") == 21)
    #expect(used("2019-10-27T02:30:00 and more") == 19)
    #expect(used("2019-10-27T02:30:00.") == 19)
    #expect(used("2019-10-27T02:30:0") == nil)
  }

  @Test func `seconds are added to the nearest microsecond`() {
    let start = Timestamp(microseconds: 10)
    for microseconds in 0..<1000 {
      #expect(start.advanced(seconds: Double(microseconds) / 1_000_000).microseconds == Int64(10 + microseconds))
      #expect(start.advanced(seconds: -Double(microseconds) / 1_000_000).microseconds == Int64(10 - microseconds))
    }
    #expect(start.advanced(seconds: 1.5).seconds(since: start) == 1.5)
  }
}
