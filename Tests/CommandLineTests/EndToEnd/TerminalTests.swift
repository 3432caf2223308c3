import Base
import TestSupport
import Testing

@Suite struct TerminalTests {
  @Test func `at a terminal the plan is shown and the first digits of its hash are asked for`() throws {
    let program = try Program()
    try program.prepare()
    let refused = try program.driven(
      ["apply"], columns: 100, [.await("type the first eight digits"), .send("no\n")])
    #expect(refused.status == 2 && refused.output.contains("nothing was done"))
    #expect(refused.output.contains("Hash  "))
    // The next hash may differ: what is free on the disk stands in the findings.
    let apply = try program.driven(
      ["apply", "--plan", try program.planned()], columns: 100, [.await("verified")])
    #expect(apply.status == 0)
    #expect(apply.output.contains("\u{1B}["))
  }

  @Test(arguments: [["NO_COLOR": "1"], ["TERM": "dumb"]])
  func `colour stays away where it is not wanted`(environment: [String: String]) throws {
    let program = try Program()
    try program.prepare()
    let check = try program.driven(["check"], columns: 80, environment: environment, [])
    #expect(check.status == 0)
    #expect(!check.output.contains("\u{1B}[3"))
    #expect(check.output.contains("pass"))
  }

  @Test func `a dumb terminal gets plain lines`() throws {
    let program = try Program()
    try program.prepare()
    let apply = try program.driven(
      ["apply", "--plan", try program.planned()], columns: 80, environment: ["TERM": "dumb"], [.await("verified")])
    #expect(apply.status == 0)
    #expect(!apply.output.contains("\u{1B}"))
  }

  @Test func `help is as wide as the terminal`() throws {
    let program = try Program()
    let narrow = try program.driven(["help", "apply"], columns: 50, [])
    let lines = narrow.output.split(separator: "\r\n").filter { !$0.contains("locktender ") && $0.contains(" ") }
    #expect(lines.contains { $0.count > 40 } && lines.filter { $0.count > 50 }.isEmpty)
  }

  @Test func `init asks, looks, and asks again where an answer is wrong`() throws {
    let program = try Program()
    #expect(try program("lab", "new", "old", "--people", "10", "--history", "10").status == 0)
    let made = try program.driven(
      ["init"], columns: 100,
      [
        .await("Database of the old service"), .send("sqlite:nothing.db\n"), .await("no such database"),
        .await("Database of the old service"), .send("sqlite:old/administration.db\n"),
        .await("undivided of 7.5"), .await("Database of the old service"), .send("\n"), .await("Accesslog"),
        .send("\n"), .await("Audit log"), .send("\n"), .await("history-8.2.db"), .send("\n"),
        .await("Configuration"), .send("\n"),
      ])
    #expect(made.status == 0, "\(made.output)")
    #expect(try program("discover").output.contains("7.5"))
  }

  @Test func `half of a service is no source, and at a terminal its other half is asked for`() throws {
    let program = try Program()
    #expect(try program("lab", "new", "old", "--version", "8.0", "--people", "10", "--history", "10").status == 0)
    let half = ["init", "--source", "sqlite:old/history.db"]
    let refused = try program.driven(half + ["--yes"], columns: 100, [])
    #expect(refused.status == 2 && refused.output.contains("configuration"), "\(refused.output)")
    let unanswered = try program.driven(
      half, columns: 100,
      [
        .await("The other database"), .send("\n"), .await("Accesslog"), .send("\n"), .await("Audit log"),
        .send("\n"),
        .await("history-8.2.db"), .send("\n"), .await("Configuration"), .send("\n"),
      ])
    #expect(unanswered.status == 2 && unanswered.output.contains("its configuration"), "\(unanswered.output)")
    #expect(try !Base.Files.exists(program.folder / "platform.json5"))
    let whole = try program.driven(
      half, columns: 100,
      [
        .await("The other database"), .send("sqlite:old/configuration.db\n"), .await("Accesslog"), .send("\n"),
        .await("Audit log"), .send("\n"), .await("history-8.2.db"), .send("\n"), .await("Configuration"),
        .send("\n"),
      ])
    #expect(whole.status == 0, "\(whole.output)")
    #expect(try program("discover").status == 0)
  }
}
