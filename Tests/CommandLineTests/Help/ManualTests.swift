import Base
import CommandLine
import Testing

@Suite struct ManualTests {
  private let text = ManualPage(sampleGrammar).text()

  @Test func `mandoc finds nothing to complain about`() throws {
    let folder = try TemporaryFolder()
    try Files.write(text, to: folder.path("locktender.1"))
    let result = try run("mandoc", ["-Tlint", "-Wstyle", folder.path("locktender.1")])
    #expect(result.output + result.errors == "")
    #expect(result.status == 0)
  }

  @Test func `the rendered page tells every verb, option and exit code`() throws {
    let folder = try TemporaryFolder()
    try Files.write(text, to: folder.path("locktender.1"))
    let page = try run("mandoc", ["-Tascii", "-Owidth=200", folder.path("locktender.1")]).output
      .replacing(#/.\u{08}/#, with: "")
    for command in sampleGrammar.visibleCommands {
      #expect(page.contains(command.name), "\(command.name)")
      for option in command.options {
        #expect(page.contains(option.spelling), "\(command.name) \(option.spelling)")
      }
    }
    for option in sampleGrammar.common + sampleGrammar.parts.flatMap(\.options) {
      #expect(page.contains(option.word), "\(option.word)")
    }
    for code in ExitCode.allCases { #expect(page.contains("\n     \(code.rawValue)  ")) }
    #expect(!page.contains("__"))
  }

  @Test func `a line of text that looks like a macro is not one`() {
    #expect(!text.split(separator: "\n").contains { $0.hasPrefix(".bak") })
  }
}
