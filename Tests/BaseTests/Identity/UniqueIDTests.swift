import Base
import Testing

struct UniqueIDTests {
  @Test func `random identifiers are what Python takes for version 4, and written alike`() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("seed \(seed)")
    var generator = SeededGenerator(seed: seed)
    let random = (0..<500).map { _ in UniqueID.random(using: &generator) }
    let timed = (0..<500).map { _ in
      UniqueID(
        milliseconds: Int64.random(in: 0..<1 << 48, using: &generator), hashHigh: generator.next(),
        hashLow: generator.next())
    }
    let program = """
      import sys, uuid
      for line in open(sys.argv[1]):
          u = uuid.UUID(line.strip())
          print(u, u.int >> 64, u.int & (1 << 64) - 1, u.version, u.variant == uuid.RFC_4122, u.int >> 80, sep='|')
      """
    let all = random + timed
    let told = try python(program, input: all.map { $0.description.uppercased() }.joined(separator: "\n"))
      .split(separator: "\n")
    #expect(told.count == all.count)
    for (index, (id, line)) in zip(all, told).enumerated() {
      let parts = line.split(separator: "|")
      #expect(id.description == parts[0])
      #expect("\(id.high)" == parts[1] && "\(id.low)" == parts[2])
      #expect(id.version == (index < 500 ? 4 : 8) && "\(id.version)" == parts[3] && parts[4] == "True")
      if index >= 500 { #expect("\(id.milliseconds)" == parts[5]) }
      #expect(UniqueID(String(parts[0])) == id)
    }
    #expect(Set(all).count == all.count)
  }

  @Test func `time-ordered identifiers sort by time, times outside 48 bits at the ends`() {
    func id(_ milliseconds: Int64) -> UniqueID {
      UniqueID(milliseconds: milliseconds, hashHigh: .max, hashLow: .max)
    }
    #expect(id(1) < id(2))
    #expect(
      UniqueID(milliseconds: 1, hashHigh: .max, hashLow: .max) < UniqueID(milliseconds: 2, hashHigh: 0, hashLow: 0))
    #expect(id(-5) == id(0))
    #expect(id(.max).milliseconds == 1 << 48 - 1)
    #expect(id(5) == id(5))
    #expect(id(5) != UniqueID(milliseconds: 5, hashHigh: .max, hashLow: .max - 1))
  }

  @Test(arguments: [
    "", "00000000-0000-0000-0000-00000000000", "00000000-0000-0000-0000-0000000000000",
    "00000000000000000000000000000000", "0000000-00000-0000-0000-000000000000",
    "g0000000-0000-0000-0000-000000000000",
    "{0000000-0000-0000-0000-000000000000}", "00000000_0000_0000_0000_000000000000",
    "+0000000-0000-0000-0000-000000000000",
  ])
  func `what is no identifier is refused`(text: String) {
    #expect(UniqueID(text) == nil)
  }

  @Test func `hexadecimal text gives back its bytes`() {
    var generator = SeededGenerator(seed: 3)
    for length in 0..<50 {
      let original = (0..<length).map { _ in UInt8.random(in: 0...255, using: &generator) }
      #expect(bytes(hexadecimal: hexadecimal(original)) == original)
      #expect(bytes(hexadecimal: hexadecimal(original).uppercased()) == original)
    }
    #expect(hexadecimal([0, 0x9f, 0xff] as [UInt8]) == "009fff")
    for bad in ["0", "0g", "0x", " 00", "é"] { #expect(bytes(hexadecimal: bad) == nil) }
  }
}
