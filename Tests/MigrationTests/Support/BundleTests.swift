import Base
import TestSupport
import Testing

@testable import Migration

struct BundleTests {
  /// Words that stand somewhere in every source of the bundle and must not come out of it.
  private static let people = ["Müller", "Kowalczyk", "Renate", "rkowalczyk", "Vertrieb", "4711081234567"]
  private static let secrets = ["hunter2", "Tr0ub4dor", "eyJhbGciOiJIUzI1NiJ9", "9f86d081884c7d65"]
  private static let places = ["db1.example.org", "10.20.30.40", "/home/rkowalczyk", "people_db"]
  private static var planted: [String] { people + secrets + places }
  private static var plant: String {
    "of Renate Kowalczyk (rkowalczyk, OU=Vertrieb, 4711081234567), Müller: \(secrets.joined(separator: " ")) at \(places.joined(separator: " and "))"
  }

  /// A run into all of whose sources something was planted.
  private static func run() async throws -> (platform: SmallPlatform, run: UniqueID) {
    let finding = Finding(
      "space", .block, about: plant, "too little for \(plant)", remedy: "ask \(plant)", waivable: true)
    let section = ReportSection(
      heading: plant, text: plant, tables: [.init(columns: [plant], rows: [[plant]])],
      charts: [.init(title: plant, unit: plant, bars: [.init(label: plant, value: 1)])],
      counts: [TableCount(table: plant, written: 1)])
    let platform = try SmallPlatform(
      .init(
        findings: [finding], sections: [section],
        location: "postgresql://rkowalczyk@db1.example.org:5432/people_db",
        details: .record([plant: .list([.text(plant)]), "password": .text("hunter2"), "name": .text(plant)])))
    let waiver = Waiver(check: "space", by: "Renate Kowalczyk", reason: plant, at: SystemClock().now())
    let run = try await platform.run(
      request: PlanRequest(choices: ["from": [plant], plant: ["x"]]), waivers: [waiver],
      telling: [
        .noted(plant), .warned(plant), .rejected(stream: plant, rows: 1, reason: plant),
        .retried(what: plant, error: plant, failures: 1, delay: 0),
        .progress(Progress(step: plant, current: plant)),
        .failed(error: plant, advice: plant), .stepStarted(id: plant, title: plant, number: 1, of: 1),
        .batchCommitted(stream: plant, range: 1, rows: 1, digest: plant, seconds: 1),
      ])
    let files = platform.files(of: run)
    let journal = try Journal(path: files.journal)
    try journal.note("backup \(plant)", plant)
    try journal.note("choice", #"{"password":"hunter2","by":"Renate Kowalczyk","path":"/home/rkowalczyk/x"}"#)
    try Base.Files.write("starting\n\(plant)\n", to: files.path + "/output.log")
    try Base.Files.write("{\"fields\":[\"\(plant)\"]}\n", to: files.path + "/rejects.jsonl")
    try Base.Files.write("{ password: \"hunter2\" }", to: platform.folder / "platform.json5")
    return (platform, run)
  }

  private static func unpacked(_ path: String, into folder: TestFolder) throws -> [String: String] {
    try Tool.check("tar", ["--extract", "--file", path, "--directory", folder.path])
    var texts: [String: String] = [:]
    for name in try Base.Files.list(folder.path) {
      texts[name] = try Base.Files.readText(folder / name, limit: 1 << 24)
    }
    return texts
  }

  @Test func `nothing that was planted anywhere comes out`() async throws {
    let (platform, run) = try await BundleTests.run()
    // The plants are really there.
    let files = platform.files(of: run)
    for path in [files.plan, files.report, files.events] {
      let text = try Base.Files.readText(path, limit: 1 << 24)
      for plant in BundleTests.planted {
        #expect(text.contains(plant) || text.contains(plant.replacing("/", with: "\\/")))
      }
    }
    let path = try platform.engine.supportBundle(run)
    #expect(try Base.Files.status(of: path).permissions == 0o600)
    let texts = try BundleTests.unpacked(path, into: TestFolder())
    #expect(
      texts.keys.sorted() == [
        "events.jsonl", "journal.json", "manifest.json", "output.log", "plan.json", "report.json",
        "verification.json",
      ])
    for (name, text) in texts {
      for plant in BundleTests.planted {
        let isGone = !text.lowercased().contains(plant.lowercased())
        #expect(isGone, "\(plant) in \(name)")
      }
      #expect(!text.isEmpty)
    }
  }

  @Test func `host names stay where that is asked for, and nothing else does`() async throws {
    let (platform, run) = try await BundleTests.run()
    let target = platform.folder / "bundle.tar.gz"
    #expect(try platform.engine.supportBundle(run, to: target, withNames: true) == target)
    let texts = try BundleTests.unpacked(target, into: TestFolder())
    #expect(texts["plan.json"]?.contains("@db1.example.org:5432/") == true)
    for (name, text) in texts {
      for plant in BundleTests.planted where plant != "db1.example.org" {
        let isGone = !text.lowercased().contains(plant.lowercased())
        #expect(isGone, "\(plant) in \(name)")
      }
    }
  }

  @Test func `what a supporter needs is there`() async throws {
    let (platform, run) = try await BundleTests.run()
    let texts = try BundleTests.unpacked(try platform.engine.supportBundle(run), into: TestFolder())
    for (name, expected) in [
      ("plan.json", ["\"part\" : \"small/numbers\"", run.description, "postgresql://", "Step first"]),
      ("report.json", ["\"state\" : \"verified\"", run.description, "\"rejects\" : "]),
      ("journal.json", ["\"status\" : \"done\"", "\"to\" : \"verified\"", "‹masked›"]),
      ("events.jsonl", ["stateChanged", "batchCommitted", "stepFinished"]),
      (
        "manifest.json", ["\"rejectedRowsLeftOut\" : 1", "\"reportSignatureFits\" : true", "\"hostNames\" : false"]
      ),
      ("output.log", ["starting"]),
    ] {
      for text in expected where !(name == "plan.json" && text == run.description) {
        let isThere = texts[name]?.contains(text) == true
        #expect(isThere, "\(text) in \(name)")
      }
    }
    // Each line of the events is JSON still.
    let lines = try #require(texts["events.jsonl"]).split(separator: "\n")
    for line in lines { _ = try decodeJSON(PlainValue.self, from: Array(line.utf8)) }
    #expect(lines.count > 10)
  }

  @Test func `a run that was cut off can be packed too, its torn line left out`() async throws {
    let (platform, run) = try await BundleTests.run()
    let files = platform.files(of: run)
    try Base.Files.remove(files.report)
    try Base.Files.write(
      Base.Files.read(files.events, limit: 1 << 24) + Array(#"{"at":"2026"#.utf8), to: files.events)
    let texts = try BundleTests.unpacked(try platform.engine.supportBundle(run), into: TestFolder())
    #expect(texts["report.json"] == nil)
    #expect(texts["manifest.json"]?.contains("\"linesLeftOut\" : 1") == true)
    #expect(texts["manifest.json"]?.contains("\"reportSignatureFits\" : false") == true)
    // Nothing of the work is left in the run's folder.
    #expect(try Base.Files.list(files.path).filter { $0.hasPrefix(".") }.isEmpty)
  }

  @Test func `a run that is not there is told as such`() throws {
    let platform = try SmallPlatform()
    let error = #expect(throws: MigrationError.self) { try platform.engine.supportBundle(.random()) }
    #expect(error?.code == .notFound)
  }
}
