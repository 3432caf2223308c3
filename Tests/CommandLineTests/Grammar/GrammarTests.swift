import CommandLine
import Testing

@Suite struct GrammarTests {
  @Test func `no two commands share their words, and none begins another`() {
    let names = sampleGrammar.commands.map(\.name)
    #expect(Set(names).count == names.count)
    for name in names {
      for other in names where other != name { #expect(!other.hasPrefix(name + " "), "\(name), \(other)") }
    }
  }

  @Test func `no command has two options of one name, the parts' choices and the common ones included`() {
    for command in sampleGrammar.commands {
      let names =
        (command.options + sampleGrammar.common).map(\.name)
        + sampleGrammar.parts.flatMap { $0.options(of: command) }.map(\.name)
      #expect(Set(names).count == names.count, "\(command.name)")
      for option in command.options where option.kind == .flag(isOn: true) {
        #expect(!names.contains("no-" + option.name))
      }
    }
  }

  @Test func `only the last argument can be repeated or left out`() {
    for command in sampleGrammar.commands {
      for argument in command.arguments.dropLast() {
        #expect(argument.isRequired && !argument.isRepeated, "\(command.name)")
      }
    }
  }

  @Test func `a command with choices has a target to choose for`() {
    for command in sampleGrammar.commands where command.choices != .none {
      #expect(command.arguments.contains { $0.kind == .target }, "\(command.name)")
    }
  }

  @Test func `what discover takes of a part's choices is what it looks at, in its help, too`() throws {
    let discover = try #require(sampleGrammar.commands.first { $0.name == "discover" })
    let taken = sampleGrammar.options(of: discover).map(\.name)
    #expect(taken.contains("source") && !taken.contains("from") && !taken.contains("mode"))
    #expect(outcome("discover --source main").hasPrefix("discover"))
    #expect(!outcome("discover --mode live").hasPrefix("discover"), "\(outcome("discover --mode live"))")
    let help = HelpPage(sampleGrammar, width: 80).lines(for: ["discover"]).joined(separator: "\n")
    #expect(help.contains("--source") && !help.contains("--mode"))
  }

  @Test func `every command can end well, fail, and be misused as its exit codes say`() {
    for command in sampleGrammar.commands {
      #expect(command.exits.contains(.done) && command.exits.contains(.usage), "\(command.name)")
      #expect(command.exits == command.exits.sorted { $0.rawValue < $1.rawValue }, "\(command.name)")
    }
  }

  @Test func `every example can be parsed`() throws {
    for command in sampleGrammar.visibleCommands {
      for example in command.examples {
        // What a shell would do with it: words in quotes are one word, what follows > or | is its own business.
        let words = shellWords(example.call)
        #expect(words.first == "locktender")
        guard case .invocation(let invocation) = try Parser(sampleGrammar).parse(Array(words.dropFirst())) else {
          Issue.record("\(example.call) is no command")
          continue
        }
        #expect(invocation.command.name == command.name, "\(example.call)")
      }
    }
  }

  @Test func `texts are sentences, summaries are not`() {
    for command in sampleGrammar.visibleCommands {
      #expect(!command.summary.hasSuffix("."), "\(command.name)")
      for text in command.description + command.options.map(\.help) + command.arguments.map(\.help) {
        #expect(text.hasSuffix("."), "\(command.name): \(text)")
      }
    }
  }
}

/// The words of a command line as a shell would see them, up to a redirection or pipe.
private func shellWords(_ line: String) -> [String] {
  var words: [String] = []
  var word: String?
  var isQuoted = false
  for character in line {
    switch character {
    case "'":
      isQuoted.toggle()
      word = word ?? ""
    case " " where !isQuoted:
      if let word { words.append(word) }
      word = nil
    case ">" where !isQuoted, "|" where !isQuoted:
      return words
    default: word = (word ?? "") + String(character)
    }
  }
  if let word { words.append(word) }
  return words
}
