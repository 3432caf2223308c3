internal import Base
internal import Migration

/// Progress where nothing can be redrawn: a line at most every so often, by the events' own times.
struct PlainProgress: Sendable {
  /// Seconds between two lines of one step.
  let interval: Double
  private var lastLine: Timestamp?

  init(interval: Double = 5) { self.interval = interval }

  /// The line to print after an event, if one is due. The model has taken the event already.
  mutating func line(after event: Event, _ model: ProgressModel) -> String? {
    switch event.kind {
    case .stepStarted:
      // The step's own line was just printed: it counts.
      lastLine = event.at
      return nil
    case .progress(let progress):
      if let lastLine, event.at.seconds(since: lastLine) < interval { return nil }
      guard let line = text(progress, model) else { return nil }
      lastLine = event.at
      return line
    default:
      return nil
    }
  }

  private func text(_ progress: Progress, _ model: ProgressModel) -> String? {
    let parts = ProgressPiece.all(of: progress).map(\.text)
    if parts.isEmpty { return nil }
    let what = progress.current.isEmpty ? model.title : "\(model.title): \(progress.current)"
    return "  \(printable(what)): \(parts.joined(separator: ", "))"
  }
}
