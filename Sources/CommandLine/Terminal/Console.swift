internal import Synchronization

/// Where the program speaks: results to standard output, everything else to standard error.
///
/// Lines that are drawn again stand below all talk; whoever talks meanwhile does not tear them.
public final class Console: Sendable {
  public let isQuiet: Bool
  public let isVerbose: Bool
  /// Whether results are printed as JSON.
  public let isJSON: Bool
  /// How results may look.
  public let style: Style
  /// How talk may look.
  public let talkStyle: Style
  /// Whether progress may be redrawn.
  public let canRedraw: Bool

  private let output: @Sendable (String) throws(CommandLineError) -> Bool
  private let errors: @Sendable (String) -> Void
  private let measure: @Sendable () -> Int
  private let area = Mutex(LiveArea())
  private let shown = Mutex<[String]>([])
  private let lost = Mutex<CommandLineError?>(nil)

  /// - Parameter output: writes a piece of the result; false where nobody reads any longer.
  public init(
    isQuiet: Bool = false, isVerbose: Bool = false, isJSON: Bool = false, style: Style = .plain,
    talkStyle: Style = .plain, canRedraw: Bool = false, measure: @escaping @Sendable () -> Int = { 80 },
    output: @escaping @Sendable (String) throws(CommandLineError) -> Bool,
    errors: @escaping @Sendable (String) -> Void
  ) {
    self.isQuiet = isQuiet
    self.isVerbose = isVerbose
    self.isJSON = isJSON
    self.style = style
    self.talkStyle = talkStyle
    self.canRedraw = canRedraw
    self.measure = measure
    self.output = output
    self.errors = errors
  }

  /// The console of this process, as an invocation wants it.
  static func standard(_ invocation: Invocation) -> Console {
    let color = invocation.value("color")
    return Console(
      isQuiet: invocation.flag("quiet"), isVerbose: invocation.flag("verbose"), isJSON: invocation.flag("json"),
      style: Terminal.output.style(color: color), talkStyle: Terminal.errors.style(color: color),
      canRedraw: invocation.flag("progress", default: true) && Terminal.errors.canRedraw,
      measure: { Terminal.errors.width },
      output: { text throws(CommandLineError) in try Terminal.output.write(text) },
      errors: { Terminal.errors.say($0) })
  }

  /// The console of this process for words that may make no command: what they say of the form of answers holds for
  /// the error, too.
  static func standard(words: [String]) -> Console {
    let options = words.prefix { $0 != "--" }
    var color: String?
    for (index, word) in options.enumerated() {
      if word.hasPrefix("--color=") { color = String(word.dropFirst("--color=".count)) }
      if word == "--color", index + 1 < options.count { color = options[index + 1] }
    }
    return Console(
      isJSON: options.contains("--json"), style: Terminal.output.style(color: color),
      talkStyle: Terminal.errors.style(color: color), measure: { Terminal.errors.width },
      output: { text throws(CommandLineError) in try Terminal.output.write(text) },
      errors: { Terminal.errors.say($0) })
  }

  /// Columns of the terminal that talk goes to, now.
  public var width: Int { measure() }

  /// Prints a line of the result.
  public func result(_ line: String) { write(line + "\n") }

  public func result(_ lines: [String]) {
    if !lines.isEmpty { write(lines.joined(separator: "\n") + "\n") }
  }

  /// Prints a piece of the result as it is. What cannot be written is remembered, and nothing is written after it: a
  /// result with a hole in it would look like a whole one.
  ///
  /// - Returns: whether somebody gets it.
  @discardableResult
  func write(_ text: String) -> Bool {
    guard lostResult == nil else { return false }
    do throws(CommandLineError) {
      return try output(text)
    } catch {
      lost.withLock { $0 = error }
      return false
    }
  }

  /// Why a part of the result could not be written; nil where all of it was, or where nobody reads any longer.
  var lostResult: CommandLineError? { lost.withLock { $0 } }

  /// Says something that is not the result.
  public func talk(_ line: String) {
    if !isQuiet { say(line) }
  }

  /// Says something that must be heard even when nothing else is said.
  public func complain(_ line: String) { say(line) }

  private func say(_ line: String) {
    area.withLock { area in
      guard !area.isEmpty else {
        errors(line + "\n")
        return
      }
      let width = measure()
      let lines = shown.withLock { $0 }
      errors(area.clear(width: width) + line + "\n" + area.draw(lines, width: width))
    }
  }

  /// Shows lines that will be drawn again; none removes them.
  func show(_ lines: [String]) {
    guard canRedraw else { return }
    area.withLock { area in
      let width = measure()
      shown.withLock { $0 = lines }
      let text = lines.isEmpty ? area.clear(width: width) : area.draw(lines, width: width)
      if !text.isEmpty { errors(text) }
    }
  }
}
