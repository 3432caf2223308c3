import Base
import TestSupport
import Testing

@Suite struct ConnectionTests {
  @Test func `connections are listed and tested, and a lost one blocks`() throws {
    let program = try Program()
    try program.prepare(history: 20)
    let shown = try program("administration", "connection", "show", "--json").json().arrayValue
    #expect(
      shown?.compactMap { $0["name"]?.stringValue } == [
        "source.main", "destination.configuration", "destination",
      ])
    #expect(try program("administration", "connection", "test").status == 0)
    try Tool.check("mv", [program.folder / "new/configuration.db", program.folder / "moved.db"])
    let test = try program(
      "administration", "connection", "test", "destination.configuration", "source.main", "--json")
    #expect(test.status == 0 || test.status == 3)
    #expect(test.output.contains("the file is not there"))
    #expect(try program("administration", "connection", "test", "source.mian").status == 2)
  }

  @Test func `a connection follows its database, and comments stay`() throws {
    let program = try Program()
    try program.prepare(history: 20)
    let before = String(decoding: try program.folder.read("platform.json5"), as: UTF8.self)
    try Tool.check("cp", [program.folder / "old/administration.db", program.folder / "copy.db"])
    let set = try program("administration", "connection", "set", "source.main", "sqlite:copy.db")
    #expect(set.status == 0, "\(set.errors)")
    let after = String(decoding: try program.folder.read("platform.json5"), as: UTF8.self)
    #expect(after == before.replacing("sqlite:old/administration.db", with: "sqlite:copy.db"))
    #expect(String(decoding: try program.folder.read("platform.json5.bak"), as: UTF8.self) == before)
    #expect(try Base.Files.status(of: program.folder / "platform.json5").permissions == 0o600)
  }

  @Test func `both databases of a pair move at once`() throws {
    let program = try Program()
    #expect(try program("lab", "new", "old", "--version", "8.0", "--people", "10", "--history", "10").status == 0)
    let made = try program(
      "init", "--yes", "--source", "sqlite:old/history.db", "--source", "sqlite:old/configuration.db")
    #expect(made.status == 0, "\(made.errors)")
    try Tool.check("cp", ["-r", program.folder / "old", program.folder / "moved"])
    let before = String(decoding: try program.folder.read("platform.json5"), as: UTF8.self)
    let set = try program(
      "administration", "connection", "set", "source.main", "sqlite:moved/history.db", "source.main.configuration",
      "sqlite:moved/configuration.db")
    #expect(set.status == 0, "\(set.errors)")
    let after = String(decoding: try program.folder.read("platform.json5"), as: UTF8.self)
    #expect(after == before.replacing("sqlite:old/", with: "sqlite:moved/"))
  }

  @Test func `another database, or none, is not taken for the one that moved`() throws {
    let program = try Program()
    try program.prepare(history: 20)
    let before = try program.folder.read("platform.json5")
    #expect(try program("lab", "new", "other", "--people", "10", "--history", "10", "--seed", "9").status == 0)
    let other = try program("administration", "connection", "set", "source.main", "sqlite:other/administration.db")
    #expect(other.status == 2 && other.errors.contains("--another"))
    // One that is wrong keeps all from being changed.
    let both = try program(
      "administration", "connection", "set", "source.main", "sqlite:old/administration.db",
      "destination", "sqlite:new/configuration.db")
    #expect(both.status == 3)
    #expect(try program.folder.read("platform.json5") == before)
    let meant = try program(
      "administration", "connection", "set", "source.main", "sqlite:other/administration.db", "--another")
    #expect(meant.status == 0, "\(meant.errors)")
  }

  @Test func `a database that has moved away is known by what runs and plans say of it`() throws {
    let program = try Program()
    try program.prepare(history: 20)
    func set(_ words: String...) throws -> Program.Outcome {
      let result = try Tool.run(
        "env", ["-C", program.folder.path, Program.path, "administration", "connection", "set"] + words)
      return Program.Outcome(status: result.status, output: result.text, errors: result.errorText)
    }
    #expect(
      try program("lab", "new", "other", "--version", "8.2", "--people", "10", "--history", "0", "--seed", "9")
        .status
        == 0)
    // Nothing has named the database yet.
    try Tool.check("mv", [program.folder / "new/history.db", program.folder / "moved.db"])
    let unknown = try set("destination", "sqlite:moved.db")
    #expect(unknown.status == 2 && unknown.errors.contains("--another"), "\(unknown.errors)")
    try Tool.check("mv", [program.folder / "moved.db", program.folder / "new/history.db"])
    _ = try program.planned()
    try Tool.check("mv", [program.folder / "new/history.db", program.folder / "moved.db"])
    for words in ["sqlite:other/history.db", "sqlite:nowhere.db"] {
      let other = try set("destination", words)
      #expect(other.status == 2 && other.errors.contains("--another"), "\(other.errors)")
    }
    let moved = try set("destination", "sqlite:moved.db")
    #expect(moved.status == 0, "\(moved.errors)")
    // A database that a run has made is known by the run.
    try Tool.check("mv", [program.folder / "moved.db", program.folder / "away.db"])
    #expect(try program("apply", "--plan", try program.planned()).status == 0)
    try Tool.check("mv", [program.folder / "moved.db", program.folder / "made.db"])
    #expect(try set("destination", "sqlite:away.db").status == 2)
    #expect(try set("destination", "sqlite:made.db").status == 0)
    #expect(try program("rollback", "--yes").status == 0)
    // The configuration goes along with its history.
    #expect(try set("destination", "sqlite:away.db", "--another").status == 0)
    try Tool.check("mv", [program.folder / "new/configuration.db", program.folder / "configuration.db"])
    try Tool.check("mv", [program.folder / "away.db", program.folder / "both.db"])
    #expect(try set("destination.configuration", "sqlite:configuration.db").status == 2)
    _ = try program("plan")
    let both = try set(
      "destination", "sqlite:both.db", "destination.configuration", "sqlite:configuration.db", "--another")
    #expect(both.status == 0, "\(both.errors)")
  }

  @Test(.startsServers) func `an encrypted connection tells its certificate and the name that was compared`() throws
  {
    let certificates = try TestCertificates.made()
    let server = try PrivatePostgres(
      PrivatePostgres.Settings(listening: .tls(certificates.good), password: "hunter2 ä"))
    let database = try server.createDatabase()
    let program = try Program()
    let address = "\(server.location(database: database))?sslrootcert=\(certificates.authority)"
    func platform(_ password: String, _ location: String) throws {
      try program.folder.write(
        """
        { version: 1, name: "x", administration: {
          sources: { main: { kind: "database", location: "sqlite:none.db" } },
          destination: { history: "\(location)", password: \(password) } } }
        """, to: "platform.json5", mode: 0o600)
    }
    func test(_ environment: [String: String] = [:]) throws -> Program.Outcome {
      let words = ["administration", "connection", "test", "destination", "--verbose"]
      let result = try Tool.run(
        "env", ["-C", program.folder.path, Program.path] + words, environment: environment)
      return Program.Outcome(status: result.status, output: result.text, errors: result.errorText)
    }

    try platform("{ file: \"secret\" }", address)
    try program.folder.write("hunter2 ä\n", to: "secret", mode: 0o600)
    let good = try test()
    #expect(good.status == 0, "\(good.output)\(good.errors)")
    #expect(good.output.contains("TLSv1.3") && good.output.contains("localhost was compared with"))

    // A secret that others can read is none.
    try program.folder.write("hunter2 ä\n", to: "secret", mode: 0o644)
    let exposed = try test()
    #expect(exposed.status == 3 && exposed.output.contains("chmod 600"))

    try platform("{ environment: \"ADM_PASSWORD\" }", address)
    #expect(try test(["ADM_PASSWORD": "hunter2 ä"]).status == 0)
    let unset = try test()
    #expect(unset.status == 3 && unset.output.contains("ADM_PASSWORD is not set"))
    let wrong = try test(["ADM_PASSWORD": "hunter3 nope"])
    #expect(wrong.status == 3 && !wrong.output.contains("hunter3"))

    // Asked at a terminal, without echo; never where there is none.
    try platform("{ prompt: true }", address)
    let words = ["administration", "connection", "test", "destination"]
    let asked = try program.driven(
      words, columns: 100, [.await("Secret of destination"), .send("hunter2 ä\n")])
    #expect(asked.status == 0, "\(asked.output)")
    #expect(!asked.output.contains("hunter2"))
    #expect(try test().status == 3)

    // An authority that is not ours.
    try platform(
      "{ environment: \"ADM_PASSWORD\" }",
      "\(server.location(database: database))?sslrootcert=\(certificates.otherAuthority)")
    let stranger = try test(["ADM_PASSWORD": "hunter2 ä"])
    #expect(stranger.status == 3 && stranger.output.contains("connection.opens"))
  }
}
