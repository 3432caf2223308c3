internal import Base
internal import Migration

/// An event as a line for a person; nil for what the progress display tells.
struct EventText {
  let style: Style
  let isVerbose: Bool

  func line(_ event: Event) -> String? {
    switch event.kind {
    case .stateChanged(let from, let to):
      return stateLine(from, to)
    case .stepStarted(_, let title, let number, let count):
      return "\(style.paint("\(number)/\(count)", .cyan)) \(printable(title))"
    case .stepFinished(_, let seconds, _):
      return "    \(style.passSign) done in \(Human.duration(seconds))"
    case .stepFoundDone(let id):
      return "    \(style.passSign) \(printable(id)) was done before"
    case .progress:
      return nil
    case .batchCommitted(let stream, let range, let rows, let digest, let seconds):
      guard isVerbose else { return nil }
      return style.paint(
        "    \(printable(stream)) range \(range): \(Human.count(rows, "row")) in \(Human.duration(seconds)), digest \(digest.prefix(12))",
        .dim)
    case .retried(let what, let error, let failures, let delay):
      return
        "    \(style.warnSign) \(printable(what)) failed \(failures == 1 ? "once" : "\(failures) times"), again in \(Human.duration(delay)): \(printable(error))"
    case .rejected(let stream, let rows, let reason):
      return
        "    \(style.warnSign) \(printable(stream)): \(Human.count(rows, "row")) rejected: \(printable(reason))"
    case .compared(let agrees, let rejected):
      let sign = !agrees ? style.blockSign : rejected == 0 ? style.passSign : style.warnSign
      return "\(sign) \(RunText.comparison(agrees, rejected: rejected))"
    case .warned(let text):
      return "    \(style.warnSign) \(printable(text))"
    case .failed(let error, let advice):
      let text = "\(style.blockSign) \(printable(error))"
      return advice.map { "\(text)\n  \(style.arrow) \(printable($0))" } ?? text
    case .noted(let text):
      return "    \(printable(text))"
    }
  }

  /// A step in one line at its end, where its beginning was shown by the live display.
  func finished(_ model: ProgressModel, _ seconds: Double) -> String {
    "\(style.passSign) \(style.paint("\(model.number)/\(model.count)", .cyan)) \(printable(model.title)), \(Human.duration(seconds))"
  }

  private func stateLine(_ from: RunState, _ to: RunState) -> String? {
    switch to {
    case .waiting: "waiting for its time"
    case .cancelling: "stopping at the end of the batch"
    case .verifying: "comparing both sides"
    case .rollingBack: "rolling back"
    case .running where from != .planned && from != .waiting: "going on"
    case .planned, .running, .cancelled, .failed, .blocked, .applied, .finalizing, .finalized, .rolledBack,
      .verified, .differing:
      nil
    }
  }
}
