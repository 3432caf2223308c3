import CommandLine
import Migration

/// The standard table, with a part that has one choice of each kind, and with a noun of two levels.
let sampleGrammar = Grammar(
  commands: Grammar.standard(parts: []).commands + [
    Command(
      "shelf book show", in: .systems, "show a book",
      arguments: [CommandArgument("BOOK", .text, "Its title.")]),
    Command("shelf book lend", in: .systems, "lend a book", exits: [.done, .usage]),
  ], parts: sampleParts)

private let sampleParts = [
  PartDescription(
    address: PartAddress(system: "administration", part: "history"), summary: "import the management history",
    choices: [
      ChoiceSpecification("from", .text(placeholder: "TIME"), help: "Only records from then on."),
      ChoiceSpecification("mode", .oneOf(["bulk", "live"]), help: "How rows are carried.", default: "bulk"),
      ChoiceSpecification("source", .list(placeholder: "NAME"), help: "Only this source.", narrows: true),
      ChoiceSpecification("unfinished", .flag, help: "Leave unfinished tasks out.", default: "yes"),
      ChoiceSpecification("merge", .flag, help: "Merge what overlaps."),
    ]),
  PartDescription(
    address: PartAddress(system: "vault", part: "main"), summary: "move the vault",
    choices: [ChoiceSpecification("pace", .text(placeholder: "RATE"), help: "Users an hour.")]),
]

/// What a command line comes to, in one line: easy to read in a table of expectations.
func outcome(_ line: String, in grammar: Grammar = sampleGrammar) -> String {
  do {
    switch try Parser(grammar).parse(line.split(separator: " ").map(String.init)) {
    case .help(let path): return "help \(path.joined(separator: " "))"
    case .invocation(let invocation):
      let words = invocation.command.arguments.flatMap { argument in
        (invocation.arguments[argument.name] ?? []).map { "\(argument.name)=\($0)" }
      }
      let options = invocation.given.map { "--\($0.name)=\($0.value)" }
      let part = invocation.part.map { ["<\($0.address)>"] } ?? []
      return ([invocation.command.name] + words + options + part).joined(separator: " ")
    }
  } catch {
    return "\(error.code): \(error.reason)"
  }
}
