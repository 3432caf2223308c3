import Base
import TestSupport
import Testing

@Suite struct RetireTests {
  @Test func `a finalized run is retired by a word, and not before`() throws {
    let program = try Program()
    try program.prepare(history: 200)
    let early = try program("retire", "--yes")
    #expect(early.status == 1 && early.errors.contains("no run of it was finalized"))
    #expect(try program("apply", "--plan", try program.planned(), "--quiet").status == 0)
    let verified = try program("retire", "--yes")
    #expect(verified.status == 1 && verified.errors.contains("locktender finalize"))
    #expect(try program("finalize", "--yes").status == 0)

    let dry = try program("retire", "administration/history", "--dry-run", "--with-backups")
    #expect(dry.status == 0 && dry.errors.contains("nothing was removed"), "\(dry.errors)")
    #expect(dry.output.contains("goes") && dry.output.contains("a backup of main"))
    #expect(
      dry.output.contains("stays")
        && dry.output.split(whereSeparator: \.isWhitespace).joined(separator: " ").contains("once nobody needs it"))
    let listed = try program("administration", "history", "backups", "list", "--json").json().arrayValue
    #expect(listed?.count == 1 && listed?.first?["isThere"] == true)

    let unasked = try program("retire", "--with-backups")
    #expect(unasked.status == 2 && unasked.errors.contains("--yes"))
    #expect(try program("administration", "history", "backups", "list", "--json").json().arrayValue?.count == 1)
    let done = try program("retire", "--with-backups", "--yes", "--json")
    #expect(done.status == 0, "\(done.errors)")
    #expect(try done.json()["retired"] == true)
    #expect(
      try program("administration", "history", "backups", "list", "--json").json().arrayValue?.isEmpty == true)
    let again = try program("retire", "--with-backups", "--yes")
    #expect(again.status == 0 && again.errors.contains("nothing is left to put away"))
    #expect(try Base.Files.exists(program.folder / "old/administration.db"))
    #expect(try Base.Files.list(program.folder / "new").filter { $0.contains("lock") } == [])
    #expect(try program("administration", "history", "activity", "svc-workflow").status == 0)
  }

  @Test func `backups are listed and tested by the end of their name, and a changed one is found out`() throws {
    let program = try Program()
    try program.prepare(history: 200)
    #expect(try program("administration", "history", "backups", "test").status == 2)
    #expect(try program("apply", "--plan", try program.planned(), "--quiet").status == 0)
    let text = try program("administration", "history", "backups", "list")
    #expect(text.status == 0 && text.output.contains(".ltbackup"))
    let entry = try #require(
      try program("administration", "history", "backups", "list", "--json").json().arrayValue?.first)
    let file = try #require(entry["file"]?.stringValue)
    let test = try program("administration", "history", "backups", "test", Paths.name(of: file), "--json")
    #expect(test.status == 0, "\(test.errors)")
    #expect(try test.json()["file"]?.stringValue == file)
    #expect(try program("administration", "history", "backups", "test", "none.ltbackup").status == 2)
    try Tool.check(
      "/usr/bin/python3",
      [
        "-c",
        "import sys; f = open(sys.argv[1], 'r+b'); f.seek(-40, 2); b = f.read(1); f.seek(-40, 2); f.write(bytes([b[0] ^ 1]))",
        file,
      ])
    let changed = try program("administration", "history", "backups", "test")
    #expect(changed.status == 1 && changed.output == "")
  }
}
