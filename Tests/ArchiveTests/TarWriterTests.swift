import Archive
import Base
import TestSupport
import Testing

struct TarWriterTests {
  private static let time = Timestamp(rfc3339: "2026-11-20T15:05:45Z")!

  @Test func `tar reads what was written, bytes and names and times`() throws {
    let folder = try TestFolder()
    let large = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
    try folder.write(large, to: "large")
    var writer = try TarWriter(folder / "a.tar.gz")
    try writer.add("notes/empty", [UInt8]().span, modified: TarWriterTests.time)
    let text = Array("Grüße\n".utf8)
    try writer.add("notes/text.txt", text.span, modified: TarWriterTests.time)
    try writer.add("large.bin", contentsOf: folder / "large", modified: TarWriterTests.time)
    try writer.finish()
    let out = try folder.folder("out")
    try Tool.check("tar", ["--extract", "--file", folder / "a.tar.gz", "--directory", out])
    #expect(try Base.Files.read(out + "/notes/empty", limit: 10).isEmpty)
    #expect(try Base.Files.read(out + "/notes/text.txt", limit: 10) == text)
    let isSame = try Base.Files.read(out + "/large.bin", limit: 1 << 24) == large
    #expect(isSame)
    #expect(try Base.Files.status(of: out + "/large.bin").modified == TarWriterTests.time)
    #expect(try Base.Files.status(of: folder / "a.tar.gz").permissions == 0o600)
    let listing = try Tool.check("tar", ["--list", "--verbose", "--numeric-owner", "--file", folder / "a.tar.gz"])
      .text
    #expect(listing.split(separator: "\n").allSatisfy { $0.hasPrefix("-rw------- 0/0 ") }, "\(listing)")
  }

  @Test func `the same entries give the same bytes`() throws {
    let folder = try TestFolder()
    for name in ["a", "b"] {
      var writer = try TarWriter(folder / name)
      try writer.add("x", Array("same".utf8).span, modified: TarWriterTests.time)
      try writer.finish()
    }
    #expect(try folder.read("a") == folder.read("b"))
  }

  @Test func `an archive that is not finished leaves nothing behind`() throws {
    let folder = try TestFolder()
    do {
      var writer = try TarWriter(folder / "a.tar.gz")
      try writer.add("x", Array("lost".utf8).span, modified: TarWriterTests.time)
    }
    #expect(try Base.Files.list(folder.path).isEmpty)
  }

  @Test(arguments: [
    "", "/etc/passwd", "../up", "a/../b", "a//b", "a/", "./a", "ä", "a\nb", String(repeating: "x", count: 101),
  ])
  func `names that lead astray are refused`(_ name: String) throws {
    let folder = try TestFolder()
    var writer = try TarWriter(folder / "a.tar.gz")
    let bytes = [UInt8]()
    do throws(ArchiveError) {
      try writer.add(name, bytes.span, modified: TarWriterTests.time)
      Issue.record("taken: \(name)")
    } catch {
      #expect(error.code == .refusedName)
    }
  }

  @Test func `a name comes once, and a finished archive replaces nothing unless it is told to`() throws {
    let folder = try TestFolder()
    try folder.write("here", to: "a.tar.gz")
    var writer = try TarWriter(folder / "a.tar.gz")
    let bytes = Array("x".utf8)
    try writer.add("x", bytes.span, modified: TarWriterTests.time)
    do throws(ArchiveError) {
      try writer.add("x", bytes.span, modified: TarWriterTests.time)
      Issue.record("taken twice")
    } catch {
      #expect(error.code == .refusedName)
    }
    do throws(ArchiveError) {
      try writer.finish(replacing: false)
      Issue.record("replaced")
    } catch {
      #expect(error.code == .file)
    }
    #expect(try folder.read("a.tar.gz") == Array("here".utf8))
  }

  @Test func `a full disk is told as such`() throws {
    let disk = try Tmpfs.mountedOrSkipped(kilobytes: 64)
    var writer = try TarWriter(disk / "a.tar.gz")
    var random = Base.SeededGenerator(seed: 1)
    let noise = (0..<(1 << 20)).map { _ in UInt8.random(in: 0...255, using: &random) }
    do throws(ArchiveError) {
      try writer.add("noise", noise.span, modified: TarWriterTests.time)
      try writer.finish()
      Issue.record("written to a full disk")
    } catch {
      #expect(error.code == .file && (error.cause as? FileError)?.code == .noSpace)
    }
  }
}
