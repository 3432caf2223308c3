/// Questions to a person at a terminal. Answers are read from standard input, questions go to standard error.
struct Prompt {
  let console: Console

  /// Whether somebody is there to answer.
  static var isPossible: Bool { Terminal.input.isTerminal && Terminal.errors.isTerminal }

  /// An answer without the spaces around it; the proposal for an empty one. Nil at the end of input.
  func ask(_ question: String, proposal: String? = nil) -> String? {
    console.show([])
    Terminal.errors.say(question + (proposal.map { " [\(printable($0))]" } ?? "") + ": ")
    guard let line = readLine(strippingNewline: true) else { return nil }
    let answer = String(line.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    return answer.isEmpty ? proposal ?? "" : answer
  }

  /// Yes or no; anything but a clear yes is no.
  func confirm(_ question: String) -> Bool {
    let answer = ask(question + " (yes/no)")?.lowercased()
    return answer == "yes" || answer == "y"
  }
}
