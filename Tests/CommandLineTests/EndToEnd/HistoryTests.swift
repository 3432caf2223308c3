import Base
import TestSupport
import Testing

/// The new history read by the real program, in every form.
@Suite struct HistoryTests {
  private static let guid = "0f1e2d3c-4b5a-4678-8796-a5b4c3d2e1f0"
  private static let name = "CN=Ana Müller,OU=Süd,DC=x"

  /// An imported history with a gap, and an object in it whose values are as bad as a service's can be.
  private func prepared() throws -> Program {
    let program = try Program()
    try program.prepare(history: 300)
    for range in [["--until", "2018-01-01"], ["--from", "2020-01-01"]] {
      let plan = try run(program, ["plan", "--json"] + range)
      let hash = try #require(try plan.json()["hash"]?.stringValue)
      let apply = try program("apply", "--plan", hash, "--quiet")
      try #require(apply.status == 0, "\(apply.errors)")
    }
    func request(_ number: Int, _ operation: String, _ name: String, _ state: String = "completed") -> String {
      """
      insert into change_request values (x'0000000000\(number)80008000000000000000', '\(operation)',
        x'\(HistoryTests.guid.replacing("-", with: ""))', '\(name)', 'user', 'CORP\\<b>eve</b>', 'CORP\\svc', 'srv1',
        \(1_600_000_000_000_000 + number * 1_000_000), 3600, null, null, 'Europe/Vienna', 0, '\(state)',
        '=HYPERLINK("http://x")', 0, '');
      """
    }
    let nasty = "'<script>alert(1)</script>' || char(27) || '[31m' || char(0x202E) || char(13, 10) || '\"x\",;'"
    try Tool.check(
      "sqlite3",
      [
        program.folder / "new/history.db",
        request(10, "create", HistoryTests.name) + request(11, "rename", HistoryTests.name)
          + request(12, "modify", "CN=Ana Huber", "rejected")
            + """
            insert into property_change select id, 0, 'distinguishedName', object_dn, 'CN=Ana Huber', 0
              from change_request where operation = 'rename' and initiator like '%eve%';
            insert into property_change select id, 0, 'description', '-1+1', \(nasty), 0
              from change_request where state = 'rejected' and initiator like '%eve%';
            insert into property_change select id, 1, 'mail', '', null, 0
              from change_request where state = 'rejected' and initiator like '%eve%';
            insert into request_section select id, 0, 'policy', '@SUM(1)', 'denied', '''quoted', 0
              from change_request where state = 'rejected' and initiator like '%eve%';
            """,
      ])
    return program
  }

  private func run(_ program: Program, _ words: [String]) throws -> Program.Outcome {
    let result = try Tool.run("env", ["-C", program.folder.path, Program.path] + words)
    return Program.Outcome(status: result.status, output: result.text, errors: result.errorText)
  }

  private func show(_ program: Program, _ words: String...) throws -> Program.Outcome {
    try run(program, ["administration", "history", "show"] + words)
  }

  @Test func `an object's history is told in every form, with the gaps first`() throws {
    let program = try prepared()
    let text = try show(program, "Ana Huber")
    #expect(text.status == 0, "\(text.errors)")
    #expect(text.output.contains("gap: main: 2018-01-01 00:00:00 UTC to 2020-01-01 00:00:00 UTC was not imported"))
    #expect(text.output.contains("3 entries"))
    // Nothing in a value moves the cursor or turns the text round.
    #expect(!text.output.contains("\u{1B}") && !text.output.contains("\u{202E}"))

    // Each entry prints the key that names its request here, and calls the old database's another.
    let keys = text.output.split(separator: "\n").filter { $0.hasPrefix("  key ") }
    #expect(keys.count == 3)
    let key = String(try #require(keys.first?.split(separator: " ").last))
    #expect(try show(program, key).output.contains("3 entries"))
    let imported = try program("administration", "history", "activity", "svc", "--format", "html")
    #expect(!imported.output.contains(", key "))

    // What is like a name is proposed, however it is written.
    for typed in ["Ana H", "CN=Ana H", "cn=ana h"] {
      let near = try show(program, typed)
      #expect(near.status == 2 && near.errors.contains("CN=Ana Huber"), "\(typed): \(near.errors)")
    }
    for nothing in ["", " "] { #expect(try show(program, nothing).status == 2) }

    let json = try show(program, "cn=ana huber", "--json").json()
    #expect(json["format"] == "locktender-history/1")
    #expect(json["subject"]?["id"]?.stringValue == HistoryTests.guid)
    #expect(json["subject"]?["names"]?.arrayValue?.count == 2)
    let entries = json["entries"]?.arrayValue ?? []
    #expect(entries.map { $0["operation"]?.stringValue } == ["modify", "rename", "create"])
    #expect(entries.first?["local"]?.stringValue == "2020-09-13T13:26:52+01:00")
    #expect(
      entries.first?["properties"]?.arrayValue?.first?["new"]?.stringValue?.contains("\u{1B}[31m\u{202E}\r\n")
        == true)
    #expect(json["coverage"]?["gaps"]?.arrayValue?.first?["reason"] == "notImported")
    let one = try show(program, HistoryTests.guid, "--json", "--limit", "1", "--until", "2020-09-13T12:26:52Z")
      .json()
    #expect(one["entries"]?.arrayValue?.map { $0["operation"]?.stringValue } == ["rename"])
    #expect(one["hasMore"] == true && one["count"] == 1)

    let page = try show(program, HistoryTests.name, "--format", "html", "--output", "page.html")
    #expect(page.status == 0 && page.output == "")
    let html = String(decoding: try program.folder.read("page.html"), as: UTF8.self)
    #expect(try Base.Files.status(of: program.folder / "page.html").permissions & 0o777 == 0o600)
    #expect(!html.contains("<script") && html.contains("&lt;script&gt;alert(1)&lt;/script&gt;⟨U+001B⟩[31m⟨U+202E⟩"))
    #expect(!html.contains("<b>") && html.contains("&lt;b&gt;eve"))
    #expect(html.contains("default-src &#39;none&#39;") && html.hasSuffix("</html>\n"))
    #expect(html.contains("1 gap") && html.contains("was not imported"))
  }

  @Test func `what is written as CSV is what a reader of CSV gets, and nothing in it is a formula`() throws {
    let program = try prepared()
    #expect(try show(program, "Ana Huber", "--format", "csv", "--output", "rows.csv").status == 0)
    let bytes = try program.folder.read("rows.csv")
    #expect(String(decoding: bytes, as: UTF8.self).hasPrefix("record,at,until,"))
    let read = try Tool.check(
      "/usr/bin/python3",
      [
        "-c",
        """
        import csv, json, sys
        with open(sys.argv[1], newline='', encoding='utf-8') as file:
            rows = list(csv.DictReader(file, strict=True))
        for row in rows:
            for name, value in row.items():
                assert name and value is not None
                assert value.lstrip()[:1] not in '=+-@\\t\\r\\n' or not value.strip(), value
        print(json.dumps(rows))
        """, program.folder / "rows.csv",
      ])
    let rows = try JSONValue(parsing: read.text, source: "csv").arrayValue ?? []
    #expect(rows.filter { $0["record"] == "gap" }.map { $0["at"]?.stringValue } == ["2018-01-01T00:00:00Z"])
    #expect(rows.filter { $0["record"] == "name" }.count == 2)
    #expect(
      rows.filter { $0["record"] == "request" }.map { $0["operation"]?.stringValue } == [
        "modify", "rename", "create",
      ])
    let properties = rows.filter { $0["record"] == "property" }
    #expect(properties.map { $0["change"]?.stringValue } == ["changed", "removed", "changed"])
    let new = try #require(properties.first?["new_value"]?.stringValue)
    #expect(new == "<script>alert(1)</script>\u{1B}[31m\u{202E}\r\n\"x\",;")
    // One apostrophe in front, taken away, gives the value again.
    #expect(properties.first?["old_value"] == "'-1+1")
    #expect(rows.first { $0["record"] == "request" }?["reason"] == "'=HYPERLINK(\"http://x\")")
    #expect(rows.first { $0["record"] == "section" }?["name"] == "'@SUM(1)")
    #expect(rows.first { $0["record"] == "section" }?["message"] == "''quoted")
  }

  @Test func `a user's activity is told, and what names nobody or several is asked back`() throws {
    let program = try prepared()
    let busy = try Tool.check(
      "sqlite3",
      [
        program.folder / "new/history.db",
        "select initiator, count(*) from change_request group by 1 order by 2 desc, 1 limit 1",
      ]
    ).text.split(separator: "\n")[0].split(separator: "|")
    let told = try program("administration", "history", "activity", String(busy[0]), "--json")
    let entries = try told.json()["entries"]?.arrayValue ?? []
    #expect(entries.filter { $0["record"] == "request" }.count == Int(busy[1]))
    #expect(
      entries.filter { $0["record"] == "request" }.allSatisfy { $0["initiator"]?.stringValue == String(busy[0]) })

    let nobody = try program("administration", "history", "activity", "nobody at all")
    #expect(nobody.status == 2 && nobody.output == "" && nobody.errors.contains("none of that name"))
    try Tool.check(
      "sqlite3",
      [
        program.folder / "new/history.db",
        """
        update change_request set object_guid = x'00112233445566778899aabbccddeeff'
        where operation = 'create' and initiator like '%eve%'
        """,
      ])
    let several = try show(program, HistoryTests.name)
    #expect(several.status == 2 && several.output == "" && several.errors.contains(HistoryTests.guid))
    let listed = try show(program, HistoryTests.name, "--json")
    #expect(listed.status == 2)
    #expect(try listed.json()["candidates"]?.arrayValue?.count == 2)
    #expect(try listed.json()["error"]?["exit"] == 2)
    #expect(try show(program, HistoryTests.name, "--by-name", "--json").json()["count"] == 2)
  }

  @Test func `misuse is told, and no file is left by what did not come to its end`() throws {
    let program = try prepared()
    for words in [
      ["x", "--format", "csv", "--json"], ["x", "--format", "pdf"], ["x", "--since", "yesterday"],
      ["x", "--since", "2020-01-02", "--until", "2020-01-02"], ["x", "--limit", "many"], [],
      ["nobody", "--output", "none.html", "--format", "html"],
    ] {
      #expect(try run(program, ["administration", "history", "show"] + words).status == 2, "\(words)")
    }
    #expect(try Base.Files.list(program.folder.path).filter { $0.contains("none.html") }.isEmpty)
    let denied = try show(program, "Ana Huber", "--output", "no/such/folder.txt")
    #expect(denied.status == 1 && denied.errors.contains("no/such"))
    // Nobody reads to the end: that is no error.
    let cut = try Tool.run(
      "sh",
      [
        "-c",
        "cd '\(program.folder.path)'; '\(Program.path)' administration history activity svc-workflow | head -n 1; exit $?",
      ])
    #expect(cut.status == 0)
    try Tool.check("rm", [program.folder / "new/history.db"])
    let gone = try show(program, "Ana Huber")
    #expect(gone.status == 2 && gone.errors.contains("locktender plan"))
  }

  @Test func `an interrupt ends a long listing and leaves no half of a file`() throws {
    let program = try Program()
    try program.prepare(history: 20)
    // An object without an id that nothing tells the first name of: looking for it is said, and then it is told.
    try Tool.check(
      "sqlite3",
      [
        program.folder / "new/history.db",
        """
        with recursive n (i) as (select 1 union all select i + 1 from n where i < 30000)
        insert into change_request
        select randomblob(16), 'modify', null, 'CN=long', 'user', 'CORP\\x', 'CORP\\y', 'h', i * 1000000, 0, null, null,
          'UTC', 0, 'completed', null, 0, '' from n;
        """,
      ])
    let outcome = try program.driven(
      ["administration", "history", "show", "CN=long", "--format", "html", "--output", "long.html"],
      [.await("reading all requests"), .signal("INT")])
    #expect(outcome.status == 5, "\(outcome.errors)")
    #expect(try Base.Files.list(program.folder.path).filter { $0.contains("long.html") } == [])
    let whole = try show(program, "CN=long", "--json", "--output", "long.json")
    #expect(whole.status == 0)
    #expect(String(decoding: try program.folder.read("long.json"), as: UTF8.self).contains("\"count\":30000"))
  }
}
