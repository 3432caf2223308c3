import CommandLine
import Testing

@Suite struct HelpTests {
  private func page(_ path: [String], width: Int = 80) -> String {
    HelpPage(sampleGrammar, width: width).lines(for: path).joined(separator: "\n") + "\n"
  }

  @Test func `the overview is as it was recorded`() throws {
    try Fixtures.expect(page([]), isRecordedIn: "help/overview.txt")
  }

  @Test(arguments: sampleGrammar.visibleCommands.map(\.path))
  func `a command's help is as it was recorded`(path: [String]) throws {
    try Fixtures.expect(page(path), isRecordedIn: "help/\(path.joined(separator: "-")).txt")
  }

  @Test(arguments: [40, 60, 80, 100, 300])
  func `no line is wider than the terminal or than is good to read`(width: Int) {
    for path in [[]] + sampleGrammar.visibleCommands.map(\.path) {
      for line in page(path, width: width).split(separator: "\n") {
        // A usage line or an example is one thing to copy, and a long word cannot be broken.
        if line.contains("locktender ") || line.split(separator: " ").count == 1 { continue }
        #expect(line.count <= min(100, max(width, 44)), "\(path): \(line)")
      }
    }
  }

  @Test func `help names every option, argument, choice and exit code of a command`() {
    for command in sampleGrammar.visibleCommands {
      let text = page(command.path)
      for option in sampleGrammar.options(of: command) {
        #expect(text.contains(option.spelling), "\(command.name)")
      }
      for argument in command.arguments { #expect(text.contains(argument.name)) }
      for code in command.exits { #expect(text.contains("  \(code.rawValue)  \(code.meaning)")) }
    }
  }

  @Test func `the overview names every command`() {
    let text = page([])
    for command in sampleGrammar.visibleCommands { #expect(text.contains("  \(command.name)")) }
    #expect(!text.contains("__"))
  }

  @Test func `a noun's help lists what can follow`() {
    let text = page(["shelf"])
    #expect(text.contains("shelf book show"))
    #expect(!text.contains("apply"))
  }
}
