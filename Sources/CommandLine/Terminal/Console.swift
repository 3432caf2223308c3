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

  private let output: @Sendable (String) -> Void
  private let errors: @Sendable (String) -> Void
  private let measure: @Sendable () -> Int
  private let area = Mutex(LiveArea())
  private let shown = Mutex<[String]>([])

  public init(
    isQuiet: Bool = false, isVerbose: Bool = false, isJSON: Bool = false, style: Style = .plain,
    talkStyle: Style = .plain, canRedraw: Bool = false, measure: @escaping @Sendable () -> Int = { 80 },
    output: @escaping @Sendable (String) -> Void, errors: @escaping @Sendable (String) -> Void
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
  static func standard(_ invocation: Invocation?) -> Console {
    let color = invocation?.value("color")
    return Console(
      isQuiet: invocation?.flag("quiet") ?? false, isVerbose: invocation?.flag("verbose") ?? false,
      isJSON: invocation?.flag("json") ?? false, style: Terminal.output.style(color: color),
      talkStyle: Terminal.errors.style(color: color),
      canRedraw: (invocation?.flag("progress", default: true) ?? true) && Terminal.errors.canRedraw,
      measure: { Terminal.errors.width }, output: { Terminal.output.write($0) },
      errors: { Terminal.errors.write($0) })
  }

  /// Columns of the terminal that talk goes to, now.
  public var width: Int { measure() }

  /// Prints a line of the result.
  public func result(_ line: String) { output(line + "\n") }

  public func result(_ lines: [String]) {
    if !lines.isEmpty { output(lines.joined(separator: "\n") + "\n") }
  }

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
