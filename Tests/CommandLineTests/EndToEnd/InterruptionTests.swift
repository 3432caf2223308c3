import Base
import TestSupport
import Testing

@Suite struct InterruptionTests {
  @Test func `an interrupt stops a run at its batch's end, and resume goes on`() throws {
    let program = try Program()
    try program.prepare(history: 20_000)
    let hash = try program.planned()
    let apply = try program.driven(["apply", "--plan", hash], [.await("3/"), .signal("INT"), .await("stopping")])
    #expect(apply.status == 5, "\(apply.errors)")
    #expect(apply.errors.contains("locktender resume"))
    #expect(try program.state() == "cancelled")
    let resume = try program("resume")
    #expect(resume.status == 0, "\(resume.errors)")
    #expect(try program.state() == "verified")
  }

  @Test(arguments: ["TERM", "HUP"])
  func `other signals that end programs stop it in the same way`(signal: String) throws {
    let program = try Program()
    try program.prepare(history: 20_000)
    let hash = try program.planned()
    let apply = try program.driven(["apply", "--plan", hash], [.await("3/"), .signal(signal)])
    #expect(apply.status == 5, "\(apply.errors)")
    #expect(try program.state() == "cancelled")
  }

  @Test func `a killed run is found cut off, and resume goes on`() throws {
    let program = try Program()
    try program.prepare(history: 20_000)
    let hash = try program.planned()
    let apply = try program.driven(["apply", "--plan", hash], [.await("4/"), .signal("KILL")])
    #expect(apply.status == -9)
    #expect(try program("status").output.contains("nobody works on it"))
    // Watching a run that nobody works on ends at once, and not well.
    #expect(try program("watch").status == 1)
    #expect(try program("resume").status == 0)
    #expect(try program.state() == "verified")
  }

  @Test func `a detached run outlives the program that began it, is watched, and ends well`() throws {
    let program = try Program()
    try program.prepare(history: 20_000)
    let apply = try program("apply", "--plan", try program.planned(), "--detach")
    #expect(apply.status == 0, "\(apply.errors)")
    let run = String(apply.output.dropLast())
    #expect(UniqueID(run) != nil)
    let watch = try program("watch", run)
    #expect(watch.status == 0, "\(watch.errors)")
    #expect(watch.errors.contains("both sides hold the same"))
    #expect(try program.state() == "verified")
    let log = String(decoding: try program.folder.read(".locktender/runs/\(run)/output.log"), as: UTF8.self)
    #expect(log.contains("1/") && log.contains("verified"))
  }

  @Test func `a detached run is cancelled from elsewhere, with its rows taken out`() throws {
    let program = try Program()
    try program.prepare(history: 60_000)
    let apply = try program("apply", "--plan", try program.planned(), "--detach")
    #expect(apply.status == 0, "\(apply.errors)")
    let cancel = try program("cancel", "--remove")
    let state = try program.state()
    // A fast machine may be at the end before: then nothing is taken out, and cancel says so.
    #expect((cancel.status == 0 && state == "rolledBack") || (cancel.status == 1 && state == "verified"))
  }

  @Test func `a run waits for its time, and a cancel ends the waiting`() throws {
    let program = try Program()
    try program.prepare()
    let hash = try program.planned()
    let apply = try program("apply", "--plan", hash, "--detach", "--at", "2100-01-01T00:00:00Z", "--json")
    #expect(apply.status == 0, "\(apply.errors)")
    let run = try #require(try apply.json()["run"]?.stringValue)
    let status = try program("status")
    #expect(status.output.contains("2100-01-01 00:00:00 UTC"), "\(status.output)")
    #expect(try program("runs").output.contains("2100-01-01 00:00:00 UTC"))
    #expect(try program("cancel", run).status == 0)
    #expect(try program.state() == "cancelled")
    // The time holds for whoever takes the run up again, and is told.
    let resume = try program.driven(
      ["resume"], [.await("begins at 2100-01-01"), .signal("INT"), .await("has not begun")])
    #expect(resume.status == 5, "\(resume.errors)")
    #expect(try program("report").status == 4)
    let now = try program("resume", "--now")
    #expect(now.status == 0, "\(now.errors)")
    #expect(try program("apply", "--plan", hash, "--at", "2001-01-01T00:00:00Z").status == 2)
  }

  @Test func `a plan that no longer fits is refused`() throws {
    let program = try Program()
    try program.prepare()
    let hash = try program.planned()
    try Tool.check(
      "sqlite3", [program.folder / "old/administration.db", "alter table request add column colour text"])
    let apply = try program("apply", "--plan", hash)
    #expect(apply.status == 3, "\(apply.errors)")
    #expect(apply.errors.contains("locktender plan"))
  }
}
