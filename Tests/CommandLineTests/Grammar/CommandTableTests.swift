@testable import CommandLine
import Testing

@Suite struct CommandTableTests {
  @Test func `every command has an act, and every act a command`() {
    #expect(Set(CommandTable.handlers.keys) == Set(KnownSystem.grammar.commands.map(\.name)))
  }
}
