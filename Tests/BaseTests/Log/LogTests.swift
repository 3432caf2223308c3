import Base
import Testing

struct LogTests {
  private let sink = CollectingSink()

  private func log(_ level: LogLevel = .debug) -> Log {
    Log(sink, level: level, clock: FixedClock(Timestamp(rfc3339: "2026-11-20T15:05:45.25Z")!))
  }

  private func line(_ format: LogFormat) -> String { sink.entries.last.map(format.line) ?? "" }

  @Test func `an entry is one line, for people and for programs`() throws {
    log().with(["run": .text("r 1")]).info(
      "batch committed",
      [
        "history.rows": 1000, "ratio": 0.5, "ok": true, "id": UniqueID(high: 1, low: 2), "word": .text("a-b"),
        "list": .list([1, .personal(2)]), "infinite": Double.infinity,
      ])
    #expect(
      line(.plain)
        == #"2026-11-20T15:05:45.25Z info batch committed run="r 1" history.rows=1000 ratio=0.5 ok=true id=00000000-0000-0001-0000-000000000002 word=a-b list=[1,‹masked›] infinite=inf"#
    )
    let value = try JSONValue(parsing: line(.jsonLines), source: "log")
    #expect(value["time"] == "2026-11-20T15:05:45.25Z")
    #expect(value["level"] == "info")
    #expect(value["message"] == "batch committed")
    #expect(value["fields"]?["history.rows"] == 1000)
    #expect(value["fields"]?["run"] == "r 1")
    #expect(value["fields"]?["infinite"] == "inf")
  }

  @Test func `personal and secret values never reach a sink`() {
    let secret = "hunter2"
    log().error("bind failed", ["user": .personal("jane"), "password": .secret(secret), "n": .personal(4711)])
    for text in [line(.plain), line(.jsonLines), "\(sink.entries)"] {
      #expect(!text.contains("jane") && !text.contains("hunter2") && !text.contains("4711"))
    }
    #expect(line(.plain).hasSuffix("user=‹masked› password=‹masked› n=‹masked›"))
    #expect(line(.jsonLines).contains(#""password":"‹masked›""#))
  }

  @Test func `what is below the level is dropped, and not even computed`() {
    var computed = 0
    func count() -> Int {
      computed += 1
      return computed
    }
    let log = log(.notice)
    log.debug("a", ["n": count()])
    log.info("b", ["n": count()])
    log.notice("c", ["n": count()])
    log.warning("d")
    log.error("e")
    #expect(sink.entries.map(\.message) == ["c", "d", "e"])
    #expect(computed == 1)
  }

  @Test func `no value can forge a line or steer the terminal`() {
    log().info("x", ["name": .text("a\nb\u{1b}[2J\u{9b}31m\u{202e}\u{2028} \"=")])
    for format in [LogFormat.plain, .jsonLines] {
      let line = line(format)
      #expect(line.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) })
      #expect(!line.contains("\u{202e}") && !line.contains("\u{2028}"))
      #expect(line.contains(#"a\nb\u001b[2J\u009b31m\u202e\u2028 \"="#))
    }
  }

  @Test func `an error is logged with its chain`() {
    let error = FileError(.noSpace, doing: "write file", path: "/x", reason: "No space left on device")
    log().error("journal stopped", ["error": .error(error)])
    #expect(sink.entries[0]["error"] == .string("write file: /x: No space left on device"))
  }

  @Test func `a file of entries is JSON Lines`() throws {
    let folder = try TemporaryFolder()
    let log = Log(FanOutSink([try FileLogSink(folder.path("log.jsonl")), sink]))
    for index in 0..<10 { log.info("step", ["n": index]) }
    var reader = try LineReader(folder.path("log.jsonl"))
    while try reader.next() {
      let value = try JSONValue(parsing: reader.line, source: "log", line: reader.number)
      #expect(value["fields"]?["n"] == .integer(Int64(reader.number - 1)))
    }
    #expect(reader.number == 10)
    #expect(sink.entries.count == 10)
  }
}
