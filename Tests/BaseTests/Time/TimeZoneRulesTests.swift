import Base
import Testing

struct TimeZoneRulesTests {
  private func civil(_ text: String) -> CivilTime { CivilTime.parse(Array(text.utf8).span)!.time }

  @Test func `a clock that is put back shows an hour twice, one put forward leaves one out`() throws {
    let zone = try TimeZoneRules(named: "Europe/Vienna")
    #expect(zone.resolve(civil("2019-10-27T02:30:00")) == .ambiguous(earlier: 7200, later: 3600))
    #expect(zone.resolve(civil("2019-10-27T02:00:00")) == .ambiguous(earlier: 7200, later: 3600))
    #expect(zone.resolve(civil("2019-10-27T01:59:59")) == .unique(offsetSeconds: 7200))
    #expect(zone.resolve(civil("2019-10-27T03:00:00")) == .unique(offsetSeconds: 3600))
    #expect(zone.resolve(civil("2019-03-31T02:00:00")) == .gap(before: 3600, after: 7200))
    #expect(zone.resolve(civil("2019-03-31T03:00:00")) == .unique(offsetSeconds: 7200))
    #expect(zone.resolve(civil("1890-01-01T00:00:00")) == .unique(offsetSeconds: 3921))
    #expect(zone.resolve(civil("1946-07-01T00:00:00")) == .unique(offsetSeconds: 7200))
    #expect(zone.offset(at: Timestamp(rfc3339: "2019-10-27T00:59:59.999999Z")!) == 7200)
    #expect(zone.offset(at: Timestamp(rfc3339: "2019-10-27T01:00:00Z")!) == 3600)
    #expect(zone.civil(at: Timestamp(rfc3339: "1969-12-31T23:59:59.5Z")!).description == "1970-01-01T00:59:59.5")
  }

  @Test(arguments: [
    [
      "Europe/Vienna", "Europe/Dublin", "America/New_York", "America/Sao_Paulo", "Asia/Kathmandu", "Asia/Tehran",
      "Australia/Lord_Howe", "Africa/Casablanca", "Pacific/Apia", "America/St_Johns", "Antarctica/Troll",
      "Europe/Amsterdam",
    ]
  ])
  func `random times in twelve zones have the offsets that Python finds`(zones: [String]) throws {
    try compare(zones, civilTimes: 10_000)
  }

  @Test func `all zones of the system are read, and have the offsets that Python finds`() throws {
    let names = try python("import zoneinfo; print(*sorted(zoneinfo.available_timezones()))").split(separator: " ")
    let zones = names.map { String($0.filter { !$0.isNewline }) }
    #expect(zones.count > 400)
    try compare(zones, civilTimes: 20_000)
  }

  /// Half of the times lie within hours of a change of the clock, where the mistakes are.
  private func compare(_ names: [String], civilTimes: Int) throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("seed \(seed)")
    var generator = SeededGenerator(seed: seed)
    let program = """
      import sys, random
      from datetime import datetime, timedelta, timezone
      from zoneinfo import ZoneInfo
      lines = open(sys.argv[1]).read().split('\\n')
      names, count, seed = lines[0].split(), int(lines[1]), int(lines[2])
      r = random.Random(seed)
      epoch = datetime(1970, 1, 1)
      def offset(t): return int(t.utcoffset().total_seconds())
      for index in range(count):
          name = names[index % len(names)]
          zone = ZoneInfo(name)
          seconds = r.randrange(-4_000_000_000, 8_000_000_000)
          if r.random() < 0.1: seconds = r.randrange(-60_000_000_000, 250_000_000_000)
          if r.random() < 0.6:
              # Look for a change by halving an interval at whose ends the offsets differ.
              low, high = seconds, seconds + 86400 * 200
              def at(s): return offset((epoch + timedelta(seconds=s)).replace(tzinfo=timezone.utc).astimezone(zone))
              if at(low) != at(high):
                  while high - low > 1:
                      middle = (low + high) // 2
                      if at(middle) == at(low): low = middle
                      else: high = middle
                  near = r.choice([0, -1, 1, r.randrange(-7200, 7200)])
                  seconds = high + r.choice([at(low), at(high)]) + near
          local = epoch + timedelta(seconds=seconds, microseconds=r.choice([0, 999999]))
          first, second = local.replace(tzinfo=zone), local.replace(tzinfo=zone, fold=1)
          instant = local.replace(tzinfo=timezone.utc).astimezone(zone)
          print(name, local.isoformat(timespec='microseconds'), offset(first), offset(second), offset(instant), sep='|')
      """
    let told = try python(program, input: "\(names.joined(separator: " "))\n\(civilTimes)\n\(generator.next())")
    var zones = [String: TimeZoneRules]()
    for name in names { zones[name] = try TimeZoneRules(named: name) }
    var kinds = [0, 0, 0]
    for line in told.split(separator: "\n") {
      let parts = line.split(separator: "|")
      let zone = try #require(zones[String(parts[0])])
      let civil = civil(String(parts[1]))
      let (first, second) = (Int(parts[2])!, Int(parts[3])!)
      let wanted: LocalResolution =
        first == second
        ? .unique(offsetSeconds: first)
        : first > second ? .ambiguous(earlier: first, later: second) : .gap(before: first, after: second)
      #expect(zone.resolve(civil) == wanted, "\(line)")
      #expect(zone.offset(at: civil.instant(offsetSeconds: 0)) == Int(parts[4])!, "\(line)")
      kinds[first == second ? 0 : first > second ? 1 : 2] += 1
    }
    #expect(kinds.reduce(0, +) == civilTimes)
    #expect(kinds.allSatisfy { $0 > civilTimes / 50 }, "all three kinds are met often: \(kinds)")
  }

  @Test func `the names of Windows are understood`() throws {
    let windows = try TimeZoneRules(named: "W. Europe Standard Time")
    let berlin = try TimeZoneRules(named: "Europe/Berlin")
    for text in ["1980-07-01T00:00:00", "2019-03-31T02:30:00", "2060-07-01T00:00:00"] {
      #expect(windows.resolve(civil(text)) == berlin.resolve(civil(text)))
    }
    for name in ["UTC", "GMT Standard Time", "Eastern Standard Time", "India Standard Time", "FLE Standard Time"] {
      #expect(try TimeZoneRules(named: #require(ianaZone(windows: name))).name == ianaZone(windows: name))
    }
  }

  @Test(arguments: [
    "", "Europe/Nowhere", "../../etc/passwd", "/etc/passwd", "Europe/../UTC", "Europe", ".", "a//b", "zone.tab",
  ])
  func `a name that is no zone is refused`(name: String) throws {
    let error = try #require(throws: TimeZoneError.self) { try TimeZoneRules(named: name) }
    #expect(error.code == .unknownZone)
    #expect(error.advice != nil)
  }

  @Test func `missing data is told apart from an unknown zone`() throws {
    let error = try #require(throws: TimeZoneError.self) { try TimeZoneRules(named: "UTC", folder: "/none") }
    #expect(error.code == .noData)
    #expect(error.advice == "Run `apt-get install tzdata`.")
  }

  @Test func `a damaged zone file is refused or read, and never crashes`() throws {
    let bytes = try Files.read("/usr/share/zoneinfo/Europe/Vienna", limit: 1 << 20)
    let seed = UInt64.random(in: 0...UInt64.max)
    print("seed \(seed)")
    var generator = SeededGenerator(seed: seed)
    for length in 0..<bytes.count {
      #expect(throws: TimeZoneError.self) { try TimeZoneRules(named: "x", bytes: bytes.span.extracting(..<length)) }
    }
    #expect(throws: TimeZoneError.self) { try TimeZoneRules(named: "x", bytes: (bytes + [10]).span) }
    var refused = 0
    for _ in 0..<3000 {
      var damaged = bytes
      for _ in 0..<2 {
        damaged[Int.random(in: 0..<bytes.count, using: &generator)] = .random(in: 0...255, using: &generator)
      }
      do {
        let zone = try TimeZoneRules(named: "x", bytes: damaged.span)
        _ = zone.resolve(civil("2019-10-27T02:30:00"))
        _ = zone.offset(at: Timestamp(microseconds: 0))
      } catch {
        refused += 1
      }
    }
    #expect(refused > 100)
  }
}
