internal import Base
internal import Migration
internal import Synchronization

/// Shows a run's events while it is worked on, on a thread of its own: a terminal that was stopped (Ctrl-S) must
/// not stop the run.
final class RunDisplay: Sendable {
  /// Seconds between two drawings.
  private static let interval = Duration.milliseconds(100)

  private struct Inbox {
    var events: [Event] = []
    var isClosed = false
  }

  private let console: Console
  /// Whether each event is printed as a line of JSON instead.
  private let printsJSON: Bool
  /// Whether failures are told; not where the command itself ends with them.
  private let tellsFailures: Bool
  private let inbox = Mutex(Inbox())

  private init(_ console: Console, printsJSON: Bool, tellsFailures: Bool) {
    self.console = console
    self.printsJSON = printsJSON
    self.tellsFailures = tellsFailures
  }

  /// Calls the body with a listener whose events are shown until it returns.
  static func showing<Result>(
    on console: Console, printsJSON: Bool = false, tellsFailures: Bool = false,
    _ body: (@escaping EventSink.Listener) async throws -> Result
  ) async throws -> Result {
    let display = RunDisplay(console, printsJSON: printsJSON, tellsFailures: tellsFailures)
    let thread = BlockingThread(name: "display")
    return try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask(executorPreference: thread) { try await display.work() }
      do {
        let result = try await body { event in display.inbox.withLock { $0.events.append(event) } }
        display.close()
        try await group.waitForAll()
        return result
      } catch {
        display.close()
        try await group.waitForAll()
        throw error
      }
    }
  }

  private func close() { inbox.withLock { $0.isClosed = true } }

  private func work() async throws {
    var model = ProgressModel()
    var plain = PlainProgress()
    let text = EventText(style: console.talkStyle, isVerbose: console.isVerbose)
    let clock = SystemClock()
    var drawnAt = Timestamp(microseconds: 0)
    while true {
      let (events, isClosed) = inbox.withLock { inbox in
        let events = inbox.events
        inbox.events = []
        return (events, inbox.isClosed)
      }
      for event in events {
        tell(event, text, model)
        model.take(event)
        if !console.canRedraw, !printsJSON, let line = plain.line(after: event, model) { console.talk(line) }
      }
      if isClosed {
        console.show([])
        return
      }
      let now = clock.now()
      // Without news only the time moves on.
      if !events.isEmpty || now.seconds(since: drawnAt) >= 1, !console.isQuiet {
        console.show(
          ProgressRenderer(width: console.width - 1, style: console.talkStyle).lines(for: model, at: now))
        drawnAt = now
      }
      try await Task.sleep(for: RunDisplay.interval)
    }
  }

  /// - Parameter model: as it was before the event.
  private func tell(_ event: Event, _ text: EventText, _ model: ProgressModel) {
    if printsJSON {
      // An event that cannot be written as JSON cannot be in the run's log either.
      if let line = try? encodeJSON(event) { console.result(String(decoding: line, as: UTF8.self)) }
      return
    }
    switch event.kind {
    case .failed where !tellsFailures:
      return
    case .stepStarted where console.canRedraw:
      // The live display says so.
      return
    case .stepFinished(_, let seconds, _) where console.canRedraw:
      console.talk(text.finished(model, seconds))
      return
    default:
      break
    }
    if let line = text.line(event) { console.talk(line) }
  }
}
