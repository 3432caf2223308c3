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
    var parts: [String] = []
    if let fraction = progress.fraction { parts.append("\(fraction >= 1 ? 100 : min(99, Int(fraction * 100))) %") }
    if progress.rowsDone > 0 || progress.rowsTotal != nil {
      parts.append(
        Human.count(progress.rowsDone) + (progress.rowsTotal.map { " of \(Human.count($0))" } ?? "") + " rows")
    } else if progress.bytesDone > 0 {
      parts.append(
        Human.bytes(progress.bytesDone) + (progress.bytesTotal.map { " of \(Human.bytes($0))" } ?? ""))
    }
    if progress.rowsPerSecond >= 1 { parts.append("\(Human.count(Int(progress.rowsPerSecond))) rows/s") }
    if progress.bytesPerSecond >= 1 { parts.append("\(Human.bytes(progress.bytesPerSecond))/s") }
    if let remaining = progress.remaining { parts.append("\(Human.duration(remaining)) left") }
    if progress.retries > 0 { parts.append(Human.count(progress.retries, "retry", "retries")) }
    if progress.rejects > 0 { parts.append(Human.count(progress.rejects, "reject")) }
    if parts.isEmpty { return nil }
    let what = progress.current.isEmpty ? model.title : "\(model.title): \(progress.current)"
    return "  \(printable(what)): \(parts.joined(separator: ", "))"
  }
}
