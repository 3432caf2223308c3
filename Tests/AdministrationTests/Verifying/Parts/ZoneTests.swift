import Base
import TestSupport
import Testing

@testable import Administration

@Suite struct `Local times` {
  private static let zones = [
    "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kolkata", "UTC",
    "Africa/Casablanca", "America/Sao_Paulo", "Europe/Dublin", "Antarctica/Troll", "Asia/Pyongyang",
    "Africa/Monrovia",
  ]

  /// Python's reading (PEP 495), which Locktender has no part in.
  @Test func `mean the instants that Python finds`() throws {
    try seededRun(count: 3) { _, random in
      let cases = (0..<1500).map { _ -> (String, Int64, Int64) in
        // Half of them in the nights in which clocks change.
        var seconds = Int64.random(in: -2_800_000_000...4_000_000_000, using: &random)
        let zone = Self.zones.randomElement(using: &random)!
        if Bool.random(using: &random), let file = ZoneFile.load(zone) {
          let change = file.offset(at: seconds)
          if change.until != .max {
            seconds = change.until + change.offset + Int64.random(in: -90_000...90_000, using: &random)
          }
        }
        return (zone, seconds, Int64.random(in: 0...1, using: &random))
      }
      let input = cases.map { "\($0.0) \($0.1) \($0.2)\n" }.joined()
      let program = """
        import sys, zoneinfo, datetime as d
        for line in sys.stdin:
            zone, seconds, fold = line.split()
            local = d.datetime(1970, 1, 1) + d.timedelta(seconds=int(seconds))
            z = zoneinfo.ZoneInfo(zone)
            o = [int(local.replace(tzinfo=z, fold=f).utcoffset().total_seconds()) for f in (0, 1)]
            print(local.strftime('%Y-%m-%d %H:%M:%S'), o[int(fold)], 1 if o[0] > o[1] else 0)
        """
      let outcome = try Tool.check("python3", ["-c", program], input: Array(input.utf8))
      let lines = outcome.text.split(separator: "\n")
      #expect(lines.count == cases.count)
      let book = ZoneBook()
      var clock = WallClockText()
      for (line, (zone, seconds, fold)) in zip(lines, cases) {
        let parts = line.split(separator: " ")
        let text = Array((parts[0] + " " + parts[1]).utf8)
        let local = clock.microseconds(unsafe text.span.bytes)
        #expect(local == seconds * 1_000_000)
        let name = Array(zone.utf8)
        let reading = book.read(seconds * 1_000_000, zone: unsafe name.span.bytes, fold: fold)
        #expect(reading?.offset == Int64(parts[2]), "\(zone) \(line) fold \(fold)")
        #expect(reading?.isAmbiguous == (parts[3] == "1"), "\(zone) \(line)")
      }
    }
  }

  @Test(
    arguments: [
      ("2020-01-01 00:00:00", 1_577_836_800_000_000), ("2020-01-01T00:00:00", 1_577_836_800_000_000),
      ("1969-12-31 23:59:59.999999", -1), ("2020-02-29 12:00:00.5", 1_582_977_600_500_000),
      ("0001-01-01 00:00:00", -62_135_596_800_000_000), ("9999-12-31 23:59:59", 253_402_300_799_000_000),
      ("2020-02-30 00:00:00", nil), ("2019-02-29 00:00:00", nil), ("2020-13-01 00:00:00", nil),
      ("2020-00-01 00:00:00", nil), ("2020-01-00 00:00:00", nil), ("2020-01-01 24:00:00", nil),
      ("2020-01-01 00:60:00", nil), ("2020-01-01 00:00:60", nil), ("2020-01-01 00:00:00.", nil),
      ("2020-01-01 00:00:00.1234567", nil), ("2020-01-01 00:00:00Z", nil), ("2020-01-01", nil), ("", nil),
      ("2020-1-01 00:00:000", nil), ("202a-01-01 00:00:00", nil),
    ] as [(String, Int64?)])
  func `are read from their text`(_ text: String, _ expected: Int64?) {
    var clock = WallClockText()
    let bytes = Array(text.utf8)
    #expect(clock.microseconds(unsafe bytes.span.bytes) == expected)
    // And again, after another one of the same day.
    #expect(clock.microseconds(unsafe bytes.span.bytes) == expected)
  }

  @Test(arguments: [
    "", "Mars/Olympus", "../../etc/passwd", "/etc/localtime", "Europe", "zone.tab", "Europe/Berlin\0",
  ])
  func `have no meaning in an unknown zone`(_ name: String) {
    let bytes = Array(name.utf8)
    #expect(ZoneBook().read(0, zone: unsafe bytes.span.bytes, fold: 0) == nil)
  }
}
