import Base
import TestSupport
import Testing

/// Records in a file that are never all in memory.
@Suite struct RecordFileTests {
  private static let magic = "LTTEST01"

  private func record(_ number: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
  }

  private func write(_ numbers: some Sequence<UInt32>, to path: String) throws {
    var writer = try RecordWriter(path, magic: RecordFileTests.magic, size: 4)
    for number in numbers { try writer.append(record(number)) }
    try writer.commit()
  }

  @Test(arguments: [0, 1, 4_095, 4_096, 4_097, 100_003])
  func `finds what is there and nothing else`(_ count: Int) throws {
    let folder = try TestFolder()
    let numbers = (0..<count).map { UInt32($0) * 3 + 1 }
    try write(numbers, to: folder / "records")
    var reader = try RecordReader(folder / "records", magic: RecordFileTests.magic, size: 4)
    let found = reader.count
    #expect(found == count)
    var generator = TestSupport.SeededGenerator(seed: 7)
    let asked = numbers.prefix(20_000) + (0..<2_000).compactMap { _ in numbers.randomElement(using: &generator) }
    var wrong = 0
    for number in asked {
      for (candidate, expected) in [(number - 1, false), (number, true), (number + 1, false)] {
        let isThere = try reader.contains(record(candidate))
        if isThere != expected { wrong += 1 }
      }
    }
    #expect(wrong == 0)
    let beyond = try reader.contains(record(.max))
    #expect(!beyond)
  }

  @Test func `gives the records in their order`() throws {
    let folder = try TestFolder()
    let numbers = (0..<10_000).map { UInt32($0) * 7 }
    try write(numbers, to: folder / "records")
    var reader = try RecordReader(folder / "records", magic: RecordFileTests.magic, size: 4)
    var place = 0
    while let bytes = try reader.next() {
      let isRight = Array(bytes) == record(numbers[place])
      try #require(isRight)
      place += 1
    }
    #expect(place == numbers.count)
  }

  @Test func `refuses a file that is cut off or another one`() throws {
    let folder = try TestFolder()
    try write([1, 2, 3], to: folder / "records")
    let bytes = try folder.read("records")
    try folder.write(bytes.dropLast(), to: "cut")
    try folder.write([0x4D] + bytes.dropFirst(), to: "other")
    try folder.write(bytes.prefix(5), to: "short")
    for name in ["cut", "other", "short"] {
      #expect(throws: FileError.self) {
        _ = try RecordReader(folder / name, magic: RecordFileTests.magic, size: 4)
      }
    }
  }
}
