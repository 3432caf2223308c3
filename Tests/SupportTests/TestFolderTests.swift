internal import Glibc
internal import TestSupport
internal import Testing

@Suite struct TemporaryFolderTests {
  @Test func `a folder goes with its last reference, and what links point to stays`() throws {
    let outside = try TestFolder()
    try outside.write("kept", to: "file")
    let path: String
    do {
      let folder = try TestFolder()
      path = folder.path
      let inner = try folder.folder("inner")
      try folder.write([0, 255], to: "inner/bytes", mode: 0o400)
      #expect(try folder.read("inner/bytes") == [0, 255])
      #expect(unsafe symlink(outside.path, "\(inner)/link") == 0)
      #expect(Files.names(in: inner) == ["bytes", "link"])
    }
    #expect(!Files.exists(path))
    #expect(try Files.text(of: outside / "file") == "kept")
  }

  @Test(.enabled(if: Account.forServers != nil, "needs root"))
  func `the servers' account may enter where it is let in`() throws {
    let account = try #require(Account.forServers)
    let (own, traversable, servers) = (
      try TestFolder(), try TestFolder(.traversable), try TestFolder(.servers)
    )
    for folder in [own, traversable] { try folder.write("text", to: "file") }
    #expect(try Tool.run("cat", [own / "file"], as: account).status == 1)
    #expect(try Tool.run("cat", [traversable / "file"], as: account).text == "text")
    #expect(try Tool.run("touch", [traversable / "new"], as: account).status == 1)
    #expect(try Tool.run("touch", [servers / "new"], as: account).status == 0)
  }
}
