import Base
import TestSupport
import Testing

@Suite struct MisuseTests {
  @Test func `without a platform file the next command is named`() throws {
    let program = try Program()
    let result = try program("check")
    #expect(result.status == 2 && result.output == "")
    #expect(result.errors.contains("locktender init"))
  }

  @Test func `a malformed platform file is told with file, line, column and key`() throws {
    let program = try Program()
    try program.folder.write(
      "{\n  version: 1,\n  name: \"x\",\n  administration: { sorces: {} },\n}\n", to: "platform.json5")
    let result = try program("check")
    #expect(result.status == 2)
    #expect(result.errors.contains("platform.json5:4:29: administration.sorces"))
    #expect(result.errors.contains("sources"))
    let json = try program("check", "--json")
    #expect(json.status == 2)
    #expect(try json.json()["error"]?["code"] == "usage")
    #expect(try json.json()["error"]?["exit"] == 2)
  }

  @Test func `an unknown option says which help tells more`() throws {
    let program = try Program()
    let result = try program("apply", "--detatch")
    #expect(result.status == 2)
    #expect(result.errors.contains("--detach") && result.errors.contains("locktender help apply"))
  }

  @Test func `a word that is not UTF-8 is refused and not changed`() throws {
    let program = try Program()
    let result = try Tool.run(
      "bash", ["-c", "cd \(program.folder.path) && exec \(Program.path) lab new $'\\xff'"])
    #expect(result.status == 2)
    #expect(result.errorText.contains("UTF-8"))
  }

  @Test func `init leaves a file alone unless it is forced, and keeps the old one`() throws {
    let program = try Program()
    try program.folder.write("{ version: 1, name: \"mine\" }\n", to: "platform.json5")
    #expect(try program("lab", "new", "old", "--people", "10", "--history", "10").status == 0)
    let refused = try program("init", "--yes", "--source", "sqlite:old/administration.db")
    #expect(refused.status == 2 && refused.errors.contains("--force"))
    #expect(try program("init", "--yes", "--force", "--source", "sqlite:old/administration.db").status == 0)
    #expect(String(decoding: try program.folder.read("platform.json5.bak"), as: UTF8.self).contains("mine"))
    #expect(try Base.Files.status(of: program.folder / "platform.json5").permissions == 0o600)
  }

  @Test func `init tells halves, strangers and missing databases apart`() throws {
    let program = try Program()
    #expect(try program("lab", "new", "old", "--version", "8.0", "--people", "10", "--history", "10").status == 0)
    let half = try program("init", "--yes", "--source", "sqlite:old/history.db")
    #expect(half.status == 2 && half.errors.contains("configuration"))
    let missing = try program("init", "--yes", "--source", "sqlite:old/no.db")
    #expect(missing.status == 2 && missing.errors.contains("no such database"))
    try Tool.check("sqlite3", [program.folder / "other.db", "create table a(b)"])
    let stranger = try program("init", "--yes", "--source", "sqlite:other.db")
    #expect(stranger.status == 1 && stranger.errors.contains("product"))
    #expect(try !Base.Files.exists(program.folder / "platform.json5"))
    let both = try program(
      "init", "--yes", "--source", "old=sqlite:old/history.db", "--source", "sqlite:old/configuration.db")
    #expect(both.status == 0, "\(both.errors)")
    let text = String(decoding: try program.folder.read("platform.json5"), as: UTF8.self)
    #expect(text.contains("configuration: \"sqlite:old/configuration.db\"") && text.contains("\"old\": {"))
  }

  @Test func `what is typed to init starts at the current folder, wherever the platform file goes`() throws {
    let program = try Program()
    #expect(try program("lab", "new", "old", "--people", "10", "--history", "10").status == 0)
    try Base.Files.createFolder(program.folder / "sub")
    try program.folder.write(
      "dn: cn=accesslog\nobjectClass: auditContainer\ncn: accesslog\n\n", to: "sub/log.ldif")
    try program.folder.write("secret\n", to: "pw", mode: 0o600)
    let made = try program(
      "init", "--yes", "--platform", "sub/p.json5", "--source", "sqlite:old/administration.db", "--accesslog",
      "sub/log.ldif", "--source-password-file", "pw")
    #expect(made.status == 0, "\(made.errors)")
    let text = String(decoding: try program.folder.read("sub/p.json5"), as: UTF8.self)
    #expect(text.contains("\"sqlite:\(program.folder.path)/old/administration.db\""), "\(text)")
    #expect(text.contains("file: \"\(program.folder.path)/pw\"") && text.contains("ldif: \"log.ldif\""), "\(text)")
    // The proposal stands beside the file that names it.
    #expect(text.contains("history: \"sqlite:history-8.2.db\""))
    #expect(try program("discover", "--source", "main", "--platform", "sub/p.json5").status == 0)
  }

  @Test func `an error names the thing and a way out`() throws {
    let program = try Program()
    try program.folder.write("{\n  version: 1,\n  name: \"x\" \"y\",\n}\n", to: "bad.json5")
    try program.folder.write("dn: dc=x\nobjectClass: a\n : b\n", to: "x.ldif")
    try program.folder.write(
      """
      { version: 1, name: "x", administration: { sources: { main: { kind: "database", location: "sqlite:no.db" } },
        destination: { history: "sqlite:new.db" } } }
      """, to: "platform.json5")
    for (words, status, named) in [
      (["discover"], 1, "source main"), (["plan"], 1, "source main"),
      (["check", "--platform", "bad.json5"], 2, "bad.json5:3"),
      (["check", "--platform", "."], 2, program.folder.path),
      (["lab", "new", "x", "--people", "0"], 2, "0 people"),
      (["init", "--force", "--yes", "--source", "foo:bar"], 2, "--source"),
      (["init", "--force", "--yes", "--accesslog", "x.ldif"], 1, "x.ldif"),
      (["init", "--force", "--yes", "--accesslog", "y.ldif"], 1, "y.ldif"),
      (["lab", "new", "x", "--engine", "postgresql", "--server", "nonsense"], 2, "--server"),
    ] as [([String], Int32, String)] {
      let result = try Tool.run("env", ["-C", program.folder.path, Program.path] + words)
      #expect(result.status == status, "\(words): \(result.errorText)")
      #expect(result.errorText.contains(named), "\(words): \(result.errorText)")
      #expect(result.errorText.contains("\n  "), "no way out: \(words): \(result.errorText)")
    }
    #expect(try program("discover").errors.contains("no.db"))
  }

  @Test func `init knows logs by their content`() throws {
    let program = try Program()
    try program.folder.write(
      "dn: cn=accesslog\nobjectClass: auditContainer\ncn: accesslog\n\n", to: "log.ldif")
    try program.folder.write(
      "{\"timestamp\": \"2026-11-20T15:08:00.380598+0000\", \"type\": \"dsdbChange\", \"dsdbChange\": {}}\n",
      to: "audit.json")
    try program.folder.write("dn: dc=example,dc=com\nobjectClass: domain\n\n", to: "plain.ldif")
    #expect(try program("init", "--yes", "--accesslog", "plain.ldif").status == 1)
    #expect(try program("init", "--yes", "--samba-audit", "plain.ldif").status == 1)
    let mistaken = try program("init", "--yes", "--source", "log.ldif")
    #expect(mistaken.errors.contains("log.ldif") && mistaken.errors.contains("--accesslog"), "\(mistaken.errors)")
    let made = try program("init", "--yes", "--accesslog", "log.ldif", "--samba-audit", "dc1=audit.json")
    #expect(made.status == 0, "\(made.errors)")
    let text = String(decoding: try program.folder.read("platform.json5"), as: UTF8.self)
    #expect(
      text.contains("ldif: \"log.ldif\"") && text.contains("files: [\"audit.json\"]") && text.contains("\"dc1\""))
  }

  @Test func `the manual of the real parts is clean, and the version is told`() throws {
    let program = try Program()
    try program.folder.write(try program("help", "--man").output, to: "locktender.1")
    let lint = try Tool.run("mandoc", ["-Tlint", "-Wstyle", program.folder / "locktender.1"])
    #expect(lint.text + lint.errorText == "")
    #expect(try program("version").output.hasPrefix("locktender "))
    #expect(try program("--version").output == program("version").output)
    #expect(try program("help", "nothing").status == 2)
    #expect(try program().status == 2)
  }

  @Test func `every verb refuses a choice that nobody can act on, and names its value`() throws {
    let program = try Program()
    try program.prepare(history: 20)
    for (words, named) in [
      (["--workers", "nonsense"], "nonsense"), (["--workers", "0"], "0"), (["--workers", "1000000"], "1 to 64"),
      (["--reject-limit", "-1"], "-1"), (["--from", "yesterday"], "yesterday"),
      (["--principal-scope", "gods"], "--principal-scope"),
    ] {
      for verb in ["check", "plan"] {
        let result = try Tool.run("env", ["-C", program.folder.path, Program.path, verb] + words)
        #expect(result.status == 2, "\(verb) \(words): \(result.status) \(result.errorText)")
        #expect(result.errorText.contains(named), "\(result.errorText)")
      }
    }
    let discover = try program("discover", "--workers", "2")
    #expect(discover.status == 2 && discover.errors.contains("--source"), "\(discover.errors)")
    #expect(try program("discover", "--source", "main").status == 0)
    // A time without a zone is one in UTC.
    let plan = try program("plan", "--from", "2020-01-01T00:00:00", "--until", "2021-06-07")
    #expect(plan.status == 0, "\(plan.errors)")
    #expect(plan.output.contains("2020-01-01T00:00:00Z to 2021-06-07T00:00:00Z"), "\(plan.output)")
  }

  @Test func `a reader that goes away does not make it crash`() throws {
    let program = try Program()
    let result = try Tool.run("bash", ["-c", "\(Program.path) help --man | head -1; echo ${PIPESTATUS[0]}"])
    #expect(result.text.contains(".Dd"))
    #expect(result.text.hasSuffix("\n0\n"), "\(program.folder.path)")
  }

  @Test func `a result that cannot be written is an error`() throws {
    let program = try Program()
    try program.prepare(history: 50)
    #expect(try program("apply", "--plan", try program.planned()).status == 0)
    let request = try Tool.check(
      "sqlite3", [program.folder / "new/history.db", "select lower(hex(id)) from change_request limit 1"]
    ).text.split(separator: "\n")[0]
    var id = ""
    for (index, digit) in request.enumerated() {
      id += ([8, 12, 16, 20].contains(index) ? "-" : "") + String(digit)
    }
    for words in [
      "status --json", "report --html", "help --man", "version", "runs",
      "administration history show \(id) --format csv",
    ] {
      let result = try Tool.run("bash", ["-c", "cd \(program.folder.path) && \(Program.path) \(words) >/dev/full"])
      #expect(result.status == 1, "\(words)")
      #expect(
        result.errorText.contains("write the result: No space left on device"), "\(words): \(result.errorText)")
    }
    // One that ended otherwise keeps its code.
    let result = try Tool.run(
      "bash", ["-c", "cd \(program.folder.path) && \(Program.path) bogus --json >/dev/full"])
    #expect(result.status == 2)
  }

  @Test(arguments: [
    "check --frm x --json", "bogus --json", "--json", "--json check x y", "help --json", "completions bash --json",
  ])
  func `a command line that cannot be understood is told as JSON, too, where that was asked for`(_ words: String)
    throws
  {
    let program = try Program()
    let result = try Tool.run("bash", ["-c", "cd \(program.folder.path) && \(Program.path) \(words)"])
    #expect(result.status == 2)
    let error = try JSONValue(parsing: result.text, source: words)["error"]
    #expect(error?["code"] == "usage" && error?["exit"] == 2 && error?["message"]?.stringValue?.isEmpty == false)
  }

  @Test func `what stands behind two dashes asks for nothing`() throws {
    let program = try Program()
    #expect(try program("bogus", "--", "--json").output == "")
  }

  @Test func `a file that is there is not replaced unless that is meant, and what the platform lives on never`()
    throws
  {
    let program = try Program()
    try program.prepare(history: 50)
    #expect(try program("apply", "--plan", try program.planned()).status == 0)
    try program.folder.write("mine", to: "notes.txt")
    try Tool.check("ln", ["-s", program.folder / "new/history.db", program.folder / "link.db"])
    for act in [["support", "bundle"], ["administration", "history", "activity", "nobody"]] {
      func written(_ file: String, _ force: [String]) throws -> Program.Outcome {
        let result = try Tool.run(
          "env", ["-C", program.folder.path, Program.path] + act + ["--output", file] + force)
        return Program.Outcome(status: result.status, output: result.text, errors: result.errorText)
      }
      let kept = try written("notes.txt", [])
      #expect(kept.status == 2 && kept.errors.contains("--force"), "\(kept.errors)")
      for file in ["platform.json5", "new/history.db", "link.db", "old/administration.db", "new"] {
        let before = file == "new" ? [] : try program.folder.read(file)
        let refused = try written(file, ["--force"])
        #expect(refused.status == 2 && refused.errors.contains("write "), "\(file): \(refused.errors)")
        if file != "new" { #expect(try program.folder.read(file) == before, "\(file)") }
      }
      #expect(String(decoding: try program.folder.read("notes.txt"), as: UTF8.self) == "mine")
    }
    #expect(try program("support", "bundle", "--output", "notes.txt", "--force").status == 0)
    #expect(try program.folder.read("notes.txt").starts(with: [0x1F, 0x8B]))
  }

  @Test func `the completions ask the program itself`() throws {
    let program = try Program()
    try program.prepare()
    let hash = try program.planned()
    #expect(
      try program("__complete", "plans").output.hasPrefix(String(hash.prefix(8)) + "\tadministration/history"))
    #expect(try program("__complete", "targets").output.hasPrefix("administration/history\t"))
    #expect(try program("__complete", "runs").output == "")
  }
}
