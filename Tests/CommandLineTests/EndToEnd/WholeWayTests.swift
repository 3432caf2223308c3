import Base
import TestSupport
import Testing

@Suite struct WholeWayTests {
  @Test func `from an empty folder to a finalized run`() throws {
    let program = try Program()
    try program.prepare()

    let facts = try program("discover", "--json")
    #expect(facts.status == 0 && facts.errors == "")
    #expect(
      try facts.json().arrayValue?.contains {
        $0["key"] == "source.main.version" && $0["value"]?["text"] == "7.5"
      } == true)

    let check = try program("check", "--json")
    #expect(check.status == 0)
    #expect(try check.json()["blocks"] == false)

    let hash = try program.planned()
    let apply = try program("apply", "--plan", String(hash.prefix(8)))
    #expect(apply.status == 0, "\(apply.errors)")
    #expect(apply.output.contains("state     verified"))
    // Talk stays out of the result.
    func isTold(in text: String) -> Bool { text.split(separator: "\n").contains { $0.hasPrefix("1/") } }
    #expect(isTold(in: apply.errors) && !isTold(in: apply.output))

    let runs = try program("runs", "--json").json().arrayValue
    #expect(runs?.count == 1)
    #expect(runs?.first?["plan"]?.stringValue == hash)
    #expect(runs?.first?["rows"]?.integerValue ?? 0 > 2000 && runs?.first?["progress"] == nil)
    let again = try program("resume")
    #expect(again.status == 0 && again.errors.contains("has ended"), "\(again.errors)")
    let run = try #require(runs?.first?["run"]?.stringValue)

    let compare = try program("compare", run, "--json")
    #expect(compare.status == 0)
    #expect(
      try compare.json()["lines"]?.arrayValue?.allSatisfy { line in
        line["expectedRows"] == line["foundRows"] && line["expectedDigest"] == line["foundDigest"]
      } == true)
    #expect(try program("verify", String(run.prefix(8))).status == 0)

    let report = try program("report")
    #expect(report.status == 0)
    #expect(report.output.contains("/report.html"))
    // To the byte: the page's signature is over these.
    let page = try program("report", "--html").output
    #expect(page.hasPrefix("<!DOCTYPE html>"))
    #expect(Array(page.utf8) == (try program.folder.read(".locktender/runs/\(run)/report.html")))
    #expect(try program("report", "--json").json()["run"]?.stringValue == run)
    #expect(try program("report", "--text").output.contains("Steps"))
    #expect(try program("report", "--html", "--text").status == 2)

    let bundle = try program("support", "bundle", "--output", "bundle.tar.gz")
    #expect(bundle.status == 0 && bundle.output == program.folder / "bundle.tar.gz" + "\n")
    #expect(try Tool.check("tar", ["tzf", program.folder / "bundle.tar.gz"]).text.contains("report"))

    // Nobody is there to be asked.
    let unasked = try program("finalize")
    #expect(unasked.status == 2 && unasked.errors.contains("--yes"))
    #expect(try program.state() == "verified")
    #expect(try program("finalize", "--yes").status == 0)
    #expect(try program("rollback", "--yes").status == 1)
    #expect(try program.state() == "finalized")
  }

  @Test func `a rollback takes the rows out again`() throws {
    let program = try Program()
    try program.prepare()
    #expect(try program("apply", "--plan", try program.planned()).status == 0)
    #expect(try rows(program) > 0)
    #expect(try program("rollback", "--yes").status == 0)
    #expect(try program.state() == "rolledBack")
    #expect(try rows(program) == 0)
  }

  @Test func `an old service and a directory's log go into one history, and come out of it apart`() throws {
    let program = try Program()
    try program.prepare()
    let recording =
      #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined()
      + "/AdministrationTests/Fixtures/accesslog.ldif"
    try Tool.check("cp", [recording, program.folder / "accesslog.ldif"])
    // First the one, then the other beside it, in runs of their own.
    #expect(try program("apply", "--plan", try program.planned()).status == 0)
    let own = try rows(program)
    #expect(
      try program(
        "init", "--yes", "--force", "--source", "sqlite:old/administration.db", "--accesslog",
        "directory=accesslog.ldif", "--destination", "sqlite:new/history.db", "--configuration",
        "sqlite:new/configuration.db"
      ).status == 0)
    let second = try program("apply", "--plan", try program.planned())
    #expect(second.status == 0, "\(second.errors)")
    let bySource = """
      select s.kind, count(*) from change_request r join history_import i on i.id = r.import_id
      join history_source s on s.id = i.source_id group by 1 order by 1
      """
    let counts = try Tool.check("sqlite3", [program.folder / "new/history.db", bySource]).text
    let changes = try Tool.check("grep", ["-c", "^reqType: ", program.folder / "accesslog.ldif"]).text
    #expect(counts == "accesslog|\(changes)database|\(own)\n")
    // What the second run brought goes alone.
    #expect(try program("rollback", "--yes").status == 0)
    #expect(try rows(program) == own)
  }

  /// The rows of the new history.
  private func rows(_ program: Program) throws -> Int {
    let text = try Tool.check(
      "sqlite3", [program.folder / "new/history.db", "select count(*) from change_request"])
    return Int(text.text.split(separator: "\n").first ?? "") ?? -1
  }

  @Test func `without an accepted plan nothing is done`() throws {
    let program = try Program()
    try program.prepare()
    let bare = try program("apply", "administration/history")
    #expect(bare.status == 2 && bare.output == "")
    #expect(bare.errors.contains("locktender plan administration/history") && bare.errors.contains("--plan HASH"))
    for (hash, code) in [("12345678", 2), ("123", 2), ("xyzxyzxyz", 2)] {
      #expect(try program("apply", "--plan", hash).status == code, "\(hash)")
    }
    let hash = try program.planned()
    #expect(try program("apply", "--plan", hash, "--mode", "live").status == 2)
    #expect(try program("apply", "--plan", hash, "--dry-run").status == 0)
    #expect(try program("runs", "--json").json().arrayValue?.isEmpty == true)
  }

  @Test func `an edited plan is not carried out`() throws {
    let program = try Program()
    try program.prepare()
    let hash = try program.planned()
    let file = ".locktender/plans/\(hash).json"
    let text = String(decoding: try program.folder.read(file), as: UTF8.self)
    try program.folder.write(text.replacing("\"workers\" : 2", with: "\"workers\" : 9"), to: file)
    let apply = try program("apply", "--plan", hash)
    #expect(apply.status == 1 && apply.errors.contains("edited"))
  }

  @Test func `a blocking finding gives code 3, and a waiver lets it pass by name and reason`() throws {
    let program = try Program()
    try program.prepare()
    // A replication partner in the old service forbids to begin.
    try Tool.check(
      "sqlite3",
      [
        program.folder / "old/administration.db",
        "insert into replication_partner values (99, 'db9.example.com', 'subscriber')",
      ])
    let check = try program("check")
    #expect(check.status == 3 && check.output.contains("blocks: replication.partners"))
    let plan = try program("plan", "--json")
    #expect(plan.status == 3)
    let hash = try #require(try plan.json()["hash"]?.stringValue)
    #expect(try program("apply", "--plan", hash).status == 3)
    #expect(try program("check", "--waive", "replication.partners").status == 2)
    let waived = try program(
      "check", "--waive", "replication.partners", "--by", "M. Weber", "--reason", "is switched off", "--json")
    #expect(waived.status == 0)
    #expect(waived.output.contains("M. Weber"))
    #expect(try program("runs", "--json").json().arrayValue?.isEmpty == true)
  }

  @Test func `a plan tells the times that it brings, and expects no rows where there are none`() throws {
    let program = try Program()
    try program.prepare(history: 200)
    let hash = try program.planned()
    let first = try program("plan")
    #expect(first.output.contains("sources.main.range") && first.output.contains("all times"), "\(first.output)")
    #expect(try program("apply", "--plan", hash).status == 0)
    let second = try program("plan", "--until", "1971-01-01", "--diff", hash, "--json")
    let changes = try second.json()["changes"]?.arrayValue ?? []
    let range = changes.first { $0["path"] == "details.sources.main.range" }
    #expect(range?["before"] == "all times" && range?["after"] == "nothing new", "\(second.output)")
    let rows = changes.first { $0["path"] == "steps.history.estimate.rows" }
    #expect(rows?["after"] == "0", "\(second.output)")
  }

  @Test func `a later plan is compared with an earlier one`() throws {
    let program = try Program()
    try program.prepare()
    let hash = try program.planned()
    let later = try program("plan", "--until", "2020-01-01", "--diff", hash, "--json")
    let paths = try later.json()["changes"]?.arrayValue?.compactMap { $0["path"]?.stringValue } ?? []
    #expect(paths.contains("request.choices.until.0"))
    #expect(!paths.contains("createdAt") && !paths.contains { $0.hasPrefix("inputs") })
  }
}
