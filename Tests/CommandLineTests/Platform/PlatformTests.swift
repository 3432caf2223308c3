import Administration
import Base
import Database
import Migration
import Testing

/// The corpus of platform files: what is good, what is bad, and what is not even JSON5.
enum PlatformCorpus {
  static let folder = Paths.join(Fixtures.folder, "platform")

  static func files(_ kind: String) -> [String] {
    guard let names = try? Files.list(Paths.join(folder, kind)) else { return [] }  // an empty corpus fails below
    return names.map { Paths.join(Paths.join(folder, kind), $0) }
  }

  /// Reads a file as the program does: the platform, then its section.
  static func read(_ file: String) throws -> (Platform, AdministrationSection?) {
    let platform = try Platform(reading: file, systems: ["administration"])
    let section = try platform.sections["administration"].map {
      try AdministrationSection($0, folder: platform.folder)
    }
    return (platform, section)
  }
}

@Suite struct PlatformTests {
  @Test func `the corpus is there`() {
    #expect(PlatformCorpus.files("good").count >= 25)
    #expect(PlatformCorpus.files("bad").count >= 60)
    #expect(PlatformCorpus.files("broken").count >= 5)
  }

  @Test(arguments: PlatformCorpus.files("good"))
  func `a good file is read`(file: String) {
    #expect(throws: Never.self) { try PlatformCorpus.read(file) }
  }

  @Test(arguments: PlatformCorpus.files("bad") + PlatformCorpus.files("broken"))
  func `a bad file is refused`(file: String) {
    #expect(throws: (any Error).self) { try PlatformCorpus.read(file) }
  }

  @Test func `each error names file, line, column and key path, as recorded`() throws {
    var text = ""
    for file in PlatformCorpus.files("bad") + PlatformCorpus.files("broken") {
      do {
        _ = try PlatformCorpus.read(file)
      } catch {
        let root = try #require(chain(of: error).last as? any LayeredError)
        var line = "\(root.reason)".replacing(PlatformCorpus.folder + "/", with: "")
        if let advice = advice(for: error) { line += "\n  -> \(advice)" }
        text += line + "\n"
        let place = try #require(root as? JSONError).position
        #expect(place != nil, "\(file)")
      }
    }
    try Fixtures.expect(text, isRecordedIn: "platform/errors.txt")
  }

  @Test func `paths start at the file's folder`() throws {
    let text = """
      { version: 1, name: "x", administration: {
        sources: { a: { kind: "database", location: "sqlite:old/a.db" }, b: { kind: "accesslog", ldif: "/abs/b.ldif" } },
        destination: { history: "sqlite:new.db", password: { file: "p" } },
      } }
      """
    let platform = try Platform(parsing: text, file: "/srv/adm/platform.json5", systems: ["administration"])
    let section = try AdministrationSection(
      try #require(platform.sections["administration"]), folder: platform.folder)
    #expect(
      section.sources.map(\.kind) == [
        .undivided(location: "sqlite:/srv/adm/old/a.db", password: nil), .accesslogFile(ldif: "/abs/b.ldif"),
      ])
    #expect(section.destination?.history == "sqlite:/srv/adm/new.db")
    #expect(section.destination?.password == .file("/srv/adm/p"))
    // Those within a location, too, wherever the program is called.
    let server = try Platform(
      parsing: """
        { version: 1, name: "x", administration: { sources: { a: { kind: "database", location:
          "postgresql://u@db.example.org/a?sslrootcert=ca.pem&sslcert=/abs/me.pem&sslkey=keys/me.key" } } } }
        """, file: "/srv/adm/platform.json5", systems: ["administration"])
    let named = try AdministrationSection(try #require(server.sections["administration"]), folder: server.folder)
    let address = try #require(try named.connections().first?.location.postgres)
    #expect(address.rootCertificate == "/srv/adm/ca.pem" && address.clientCertificate == "/abs/me.pem")
    #expect(address.clientKey == "/srv/adm/keys/me.key")
    #expect(section.backups == BackupSettings(folder: "/srv/adm/backups", key: nil, keep: 3))
    #expect(section.secrets == ["destination": .file("/srv/adm/p")])
  }

  @Test func `the order of the sources is kept`() throws {
    let (_, section) = try PlatformCorpus.read(Paths.join(PlatformCorpus.folder, "good/several-sources.json5"))
    #expect(section?.sources.map(\.name) == ["old-1", "old.2", "_x"])
  }

  @Test func `the nearest platform file above is found`() throws {
    let folder = try TemporaryFolder()
    try Files.createFolder(folder.path("a/b/c"), withParents: true)
    try Files.write("{}", to: folder.path("a/platform.json5"))
    #expect(try Platform.find(from: folder.path("a/b/c")) == folder.path("a/platform.json5"))
    try Files.write("{}", to: folder.path("a/b/platform.json5"))
    #expect(try Platform.find(from: folder.path("a/b/c")) == folder.path("a/b/platform.json5"))
  }

  @Test func `a missing file says how to make one`() throws {
    let folder = try TemporaryFolder()
    do {
      _ = try Platform(reading: folder.path("platform.json5"), systems: [])
      Issue.record("it was read")
    } catch {
      #expect(error.code == .usage)
      #expect(error.advice?.contains("locktender init") == true)
    }
  }
}
