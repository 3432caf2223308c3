internal import Base
internal import Glibc
internal import Migration
internal import Subprocess
internal import Synchronization

/// The whole program.
public enum Program {
  /// Does what the command line says. To be called first thing in the process, on its first thread, which blocks
  /// here meanwhile.
  ///
  /// An asynchronous main would do worse: Dispatch then parks the first thread with all signals let through, and
  /// SIGINT would end the process in the middle of a batch.
  /// - Returns: the exit code.
  public static func run() -> Int32 {
    limitHeap()
    // Nothing in memory may end in a core file. Where the system refuses, the work goes on: the person has no way
    // to do better, and a password that is read is wiped all the same.
    _ = disableCoreDumps()
    ignoreBrokenPipes()
    let signals = SignalWatch.start()
    let code = Mutex<Int32>(ExitCode.failed.rawValue)
    let done = Signal()
    Task(executorPreference: BlockingThread(name: "program")) {
      let result = await work(signals)
      code.withLock { $0 = result }
      done.notify()
    }
    done.wait(past: 0)
    return code.withLock { $0 }
  }

  private static func work(_ signals: SignalWatch) async -> Int32 {
    let grammar = KnownSystem.grammar
    let typed = typed()
    let early = Console.standard(words: typed.compactMap(\.self))
    let invocation: Invocation
    do {
      switch try Parser(grammar).parse(words(typed)) {
      case .help(let path):
        early.result(HelpPage(grammar, width: Terminal.output.width).lines(for: path))
        return end(.done, early)
      case .invocation(let found):
        invocation = found
      }
    } catch {
      return end(error, early)
    }
    let console = Console.standard(invocation)
    signals.speak(through: console)
    let context = CommandContext(invocation: invocation, grammar: grammar, console: console, signals: signals)
    guard let act = CommandTable.handlers[invocation.command.name] else {
      fatalError("the table has a command without an act: \(invocation.command.name)")
    }
    do {
      return end(try await act(context), console)
    } catch {
      return end(error, console)
    }
  }

  private static func end(_ error: any Error, _ console: Console) -> Int32 {
    console.show([])
    for line in ErrorDisplay(error).lines(style: console.talkStyle) { console.complain(line) }
    // The object is made of texts: it can always be written.
    if console.isJSON, let json = try? ErrorDisplay(error).json() { console.result(json) }
    return end(ExitCode(error), console)
  }

  /// Nothing is well while its result is lost.
  private static func end(_ code: ExitCode, _ console: Console) -> Int32 {
    guard let lost = console.lostResult else { return code.rawValue }
    console.show([])
    for line in ErrorDisplay(lost).lines(style: console.talkStyle) { console.complain(line) }
    return (code == .done ? ExitCode(lost) : code).rawValue
  }

  /// The command line without the program's name; nil for a word that is not UTF-8.
  private static func typed() -> [String?] {
    var words: [String?] = []
    for index in 1..<max(1, Int(Swift.CommandLine.argc)) {
      guard let argument = unsafe Swift.CommandLine.unsafeArgv[index] else { break }
      words.append(unsafe String(validatingCString: argument))
    }
    return words
  }

  /// - Throws: ``CommandLineError`` `usage` where a word is not UTF-8: Swift would replace its bytes, and the name
  ///   of a file would silently be that of another.
  private static func words(_ typed: [String?]) throws(CommandLineError) -> [String] {
    if let index = typed.firstIndex(of: nil) {
      throw CommandLineError(
        .usage, doing: "read the command line", reason: "word \(index + 1) is not UTF-8",
        advice: "rename the file, or set a UTF-8 locale in the terminal")
    }
    return typed.compactMap(\.self)
  }
}
