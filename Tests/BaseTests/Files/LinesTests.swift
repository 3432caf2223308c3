import Base
import Testing

struct LinesTests {
  @Test func `lines of all lengths come back with their numbers and offsets`() throws {
    let folder = try TemporaryFolder()
    let seed = UInt64.random(in: 0...UInt64.max)
    print("seed \(seed)")
    var generator = SeededGenerator(seed: seed)
    var lines = (0..<400).map { _ in
      [UInt8](
        repeating: UInt8.random(in: 32...126, using: &generator),
        count: Int.random(in: 0...2_000, using: &generator))
    }
    lines.append([UInt8](repeating: 120, count: 300_000))
    lines.append([])
    let bytes: [UInt8] = Array(lines.map { $0 + [10] }.joined())
    try Files.write(bytes.span, to: folder.path("f"))
    var reader = try LineReader(folder.path("f"))
    var offset = 0
    for (index, line) in lines.enumerated() {
      #expect(try reader.next())
      #expect(reader.number == index + 1)
      #expect(reader.offset == Int64(offset))
      #expect(reader.isComplete == true)
      #expect(array(reader.line) == line)
      offset += line.count + 1
    }
    #expect(try !reader.next())
    #expect(try !reader.next())
    var second = try LineReader(folder.path("f"), from: Int64(lines[0].count + 1))
    #expect(try second.next())
    #expect(array(second.line) == lines[1])
    #expect(second.offset == Int64(lines[0].count + 1))
  }

  @Test func `a last line without a line break is told apart`() throws {
    let folder = try TemporaryFolder()
    try Files.write("a\nbc", to: folder.path("f"))
    var reader = try LineReader(folder.path("f"))
    #expect(try reader.next())
    #expect(reader.isComplete == true)
    #expect(try reader.next())
    #expect(reader.isComplete == false)
    #expect(array(reader.line) == Array("bc".utf8))
    #expect(try !reader.next())
  }

  @Test func `a line beyond the limit is refused`() throws {
    let folder = try TemporaryFolder()
    try Files.write(String(repeating: "x", count: 200_000), to: folder.path("f"))
    var reader = try LineReader(folder.path("f"), limit: 1_000)
    let error = #expect(throws: FileError.self) { try reader.next() }
    #expect(error?.code == .tooLarge)
    try Files.write(
      String(repeating: "x", count: 1_000) + "\n" + String(repeating: "y", count: 1_001) + "\n",
      to: folder.path("f"))
    var second = try LineReader(folder.path("f"), limit: 1_000)
    #expect(try second.next())
    #expect(throws: FileError.self) { try second.next() }
  }

  @Test func `appended lines stand behind what is there, and a torn line stays alone`() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("events.jsonl")
    do {
      var writer = try AppendWriter(path)
      try writer.append("one", syncing: true)
      try writer.append("two")
    }
    #expect(try Files.status(of: path).permissions == 0o600)
    let whole = try Files.readText(path, limit: 100)
    try Files.write(whole + "thr", to: path)
    do {
      var writer = try AppendWriter(path)
      #expect(throws: FileError.self) { try writer.append("a\nb") }
      try writer.append("four")
      try writer.append("five")
    }
    #expect(try Files.readText(path, limit: 100) == "one\ntwo\nthr\nfour\nfive\n")
  }

  @Test func `two writers of one file do not overwrite each other`() throws {
    let folder = try TemporaryFolder()
    var first = try AppendWriter(folder.path("f"))
    var second = try AppendWriter(folder.path("f"))
    for index in 0..<50 {
      try first.append("a\(index)")
      try second.append("b\(index)")
    }
    let lines = try Files.readText(folder.path("f"), limit: 10_000).split(separator: "\n")
    #expect(lines.count == 100)
    #expect(lines.filter { $0.hasPrefix("a") }.count == 50)
  }
}

func array(_ bytes: Span<UInt8>) -> [UInt8] {
  bytes.indices.map { bytes[$0] }
}
