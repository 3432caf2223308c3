import Base
@testable import CommandLine
import Migration
import Testing

@Suite struct WaiverTests {
  private func waivers(_ words: [String]) throws -> [String] {
    guard case .invocation(let invocation) = try Parser(sampleGrammar).parse(["check", "administration"] + words)
    else { return [] }
    return try invocation.waivers(at: Timestamp(microseconds: 0)).map {
      "\($0.check)\($0.subject.map { "@" + $0 } ?? "") \($0.by): \($0.reason)"
    }
  }

  @Test func `each waiver takes the name and reason that follow it`() throws {
    let found = try waivers([
      "--waive", "a", "--by", "x", "--reason", "r", "--waive", "b@source main", "--reason", "s", "--by", "y",
    ])
    #expect(found == ["a x: r", "b@source main y: s"])
  }

  @Test func `one name and reason hold for all waivers`() throws {
    #expect(
      try waivers(["--by", "x", "--waive", "a", "--waive", "b", "--reason", "r"]) == ["a x: r", "b x: r"])
  }

  @Test(arguments: [
    ["--waive", "a"], ["--waive", "a", "--by", "x"], ["--waive", "a", "--reason", "r"],
    ["--waive", "a", "--by", "x", "--by", "y", "--reason", "r"],
    ["--waive", "a", "--by", "", "--reason", "r"],
    ["--waive", "a", "--by", "x", "--reason", "r", "--waive", "b", "--by", "y", "--reason", "s", "--waive", "c"],
    ["--by", "x"], ["--reason", "r"],
  ])
  func `an incomplete or ambiguous waiver is refused`(words: [String]) {
    #expect(throws: CommandLineError.self) { try waivers(words) }
  }
}
