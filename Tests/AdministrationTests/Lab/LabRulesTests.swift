import Administration
import Base
import Database
import TestSupport
import Testing

@Suite struct LabRulesTests {
  /// What making a lab throws; nil where it is made.
  private func refusal(_ options: LabOptions) async throws -> AdministrationError? {
    do {
      try await Lab.create(options)
      return nil
    } catch let error as AdministrationError {
      #expect(advice(for: error) != nil)
      return error
    }
  }

  private func refusal(
    _ release: Release, _ change: (inout LabOptions) -> Void
  ) async throws -> AdministrationError? {
    let folder = try TestFolder()
    var options = LabOptions(folder: folder / "lab", release: release, people: 10, history: 10)
    change(&options)
    return try await refusal(options)
  }

  @Test func `options that contradict each other are refused before anything is made`() async throws {
    #expect(try await refusal(.v8_0) { $0.isUndivided = true }?.code == .invalidOptions)
    #expect(try await refusal(.v8_2) { $0.damage = .all }?.code == .invalidOptions)
    #expect(try await refusal(.v7_5) { $0.people = 0 }?.code == .invalidOptions)
    #expect(try await refusal(.v7_5) { $0.history = -1 }?.code == .invalidOptions)
    #expect(try await refusal(.v7_5) { _ in } == nil)
  }

  @Test(arguments: [(1, 1), (1, 500), (3, 60), (500, 49)])
  func `the smallest organisations and histories can be made`(_ people: Int, _ history: Int) async throws {
    let lab = try await TestLab(
      LabShape(release: .v8_1, store: .sqlite, isUndivided: false), people: people, history: history)
    #expect(lab.manifest.rows(of: "change_request") == history)
    #expect(lab.manifest.rows(of: "person") == people + 5)
  }

  @Test func `a folder that is not empty is left alone`() async throws {
    let folder = try TestFolder()
    try folder.write("mine", to: "precious")
    let error = try await refusal(LabOptions(folder: folder.path, release: .v7_5, people: 10, history: 10))
    #expect(error?.code == .invalidOptions)
    #expect(try folder.read("precious") == Array("mine".utf8))
    #expect(try Base.Files.list(folder.path) == ["precious"])
  }

  @Test func `a PostgreSQL database of the name is not touched`() async throws {
    let lab = try await TestLab(LabShape(release: .v8_0, store: .postgresql, isUndivided: false), history: 50)
    let again = try TestFolder()
    var options = lab.options
    options.folder = again / "lab"
    options.seed = 8
    #expect(try await refusal(options)?.code == .unusable)
    #expect(try lab.open(.history).integer("select count(*) from change_request") == 50)
  }

  @Test func `the folder tells people and programs what is what`() async throws {
    let lab = try await TestLab(LabShape(release: .v7_6, store: .sqlite, isUndivided: false), history: 100)
    let readme = String(decoding: try lab.folder.read("lab/README.md"), as: UTF8.self)
    #expect(readme.contains("version 7.6") && readme.contains("`history.db`"))
    let text = String(decoding: try lab.folder.read("lab/lab.json"), as: UTF8.self)
    let json = try JSONValue(parsing: text, source: "lab.json")
    let history = json["databases"]?[1]
    let requests = history?["tables"]?["change_history"]?.integerValue
    let gaps = json["ugliness"]?["keyGap"]?.integerValue
    #expect(json["release"]?.stringValue == "7.6")
    #expect(requests == 100)
    #expect(gaps == Int64(lab.manifest.count(of: .keyGap)))
  }

  @Test func `a replicated service has a partner, and one that is none has none`() async throws {
    let shape = LabShape(release: .v7_5, store: .sqlite, isUndivided: false)
    for isReplicated in [false, true] {
      let lab = try await TestLab(shape, history: 0) { $0.isReplicated = isReplicated }
      #expect(lab.manifest.rows(of: "replication_partner") == (isReplicated ? 1 : 0))
    }
  }

  @Test func `progress comes and ends below the total`() async throws {
    let folder = try TestFolder()
    var reports: [Lab.Progress] = []
    try await Lab.create(
      LabOptions(folder: folder / "lab", release: .v8_1, people: 50, history: 30_000, rates: .none)
    ) { reports.append($0) }
    #expect(reports.count > 2)
    #expect(zip(reports, reports.dropFirst()).allSatisfy { $0.requests < $1.requests })
    #expect(reports.last?.requests == 30_000 && reports.last?.total == 30_000)
  }
}
