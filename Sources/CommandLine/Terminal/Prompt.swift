internal import Base
internal import Glibc

/// Questions to a person at a terminal. Answers are read from standard input, questions go to standard error.
struct Prompt {
  let console: Console
  let signals: SignalWatch

  /// Whether somebody is there to answer.
  static var isPossible: Bool { Terminal.input.isTerminal && Terminal.errors.isTerminal }

  /// An answer without the spaces around it; the proposal for an empty one. Nil at the end of input.
  func ask(_ question: String, proposal: String? = nil) -> String? {
    Terminal.errors.write(question + (proposal.map { " [\(printable($0))]" } ?? "") + ": ")
    guard let line = readLine(strippingNewline: true) else { return nil }
    let answer = String(line.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    return answer.isEmpty ? proposal ?? "" : answer
  }

  /// Yes or no; anything but a clear yes is no.
  func confirm(_ question: String) -> Bool {
    let answer = ask(question + " (yes/no)")?.lowercased()
    return answer == "yes" || answer == "y"
  }

  /// Reads a secret without echo into memory that the consumer gets for the time of the call and that is wiped
  /// afterwards.
  ///
  /// - Throws: ``CommandLineError`` `secret` where there is no terminal or the input ends.
  func secret<Result: ~Copyable>(
    for purpose: String, _ body: (Span<UInt8>) throws -> Result
  ) throws -> Result {
    guard Prompt.isPossible else {
      throw CommandLineError(
        .secret, doing: "ask for the secret of \(purpose)", reason: "there is no terminal to ask at",
        advice: "name a file or an environment variable for it in the platform file")
    }
    var settings = termios()
    guard unsafe tcgetattr(0, &settings) == 0 else {
      throw CommandLineError(
        .secret, doing: "ask for the secret of \(purpose)", reason: "the terminal does not answer")
    }
    let before = settings
    var silent = settings
    silent.c_lflag &= ~tcflag_t(ECHO)
    console.show([])
    Terminal.errors.write("\(printable(purpose)): ")
    signals.beforeExit {
      var settings = before
      unsafe tcsetattr(0, TCSAFLUSH, &settings)
    }
    unsafe tcsetattr(0, TCSAFLUSH, &silent)
    defer {
      var settings = before
      unsafe tcsetattr(0, TCSAFLUSH, &settings)
      signals.beforeExit(nil)
      Terminal.errors.write("\n")
    }
    // read(2) and not readLine: a String's storage cannot be wiped.
    var buffer = [UInt8](repeating: 0, count: 4096)
    defer { for index in buffer.indices { buffer[index] = 0 } }
    var used = 0
    while used < buffer.count {
      let count = unsafe buffer.withUnsafeMutableBytes { unsafe read(0, $0.baseAddress! + used, 1) }
      if count < 0, errno == EINTR { continue }
      guard count == 1 else { break }
      if buffer[used] == UInt8(ascii: "\n") {
        return try body(buffer.span.extracting(first: used))
      }
      used += 1
    }
    throw CommandLineError(
      .secret, doing: "ask for the secret of \(purpose)", reason: "the input ended before the line did")
  }
}
