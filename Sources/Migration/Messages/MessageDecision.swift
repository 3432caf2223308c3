internal import Base

/// Decides when people want to know of a run. Pure: events and the time in, messages out.
///
/// It speaks when a run came to an end or stands still, never of batches or steps; of each occasion once.
struct MessageDecision {
  /// When a state that ends by itself has lasted too long, in seconds; nil for never.
  struct Patience: Sendable {
    var waiting: Double? = 24 * 3600
    var silence: Double? = 1800
  }

  private let run: UniqueID
  private let part: PartAddress
  private let patience: Patience

  private var state = RunState.planned
  private var step: String?
  private var numbers = Message.Numbers()
  private var failure: (error: String, advice: String?)?
  /// The error that forbids a run is told after the state changes: it is waited for.
  private var blockedAt: Timestamp?
  private var stateSince: Timestamp?
  private var lastSign: Timestamp?
  private var complained = false

  init(run: UniqueID, part: PartAddress, patience: Patience = Patience()) {
    self.run = run
    self.part = part
    self.patience = patience
  }

  mutating func take(_ event: Event) -> Message? {
    lastSign = event.at
    switch event.kind {
    case .stateChanged(let from, let to): return change(from: from, to: to, at: event.at)
    case .failed(let error, let advice):
      failure = (error, advice)
      if blockedAt != nil {
        blockedAt = nil
        return message(.blocked, at: event.at)
      }
      // On the way back and at the very end the state stays what it is when something fails.
      if state == .finalizing || state == .rollingBack { return message(.failed, at: event.at) }
    case .stepStarted(_, let title, _, _): step = title
    case .batchCommitted(_, _, let rows, _, _): numbers.rows += rows
    case .retried: numbers.retries += 1
    case .rejected(_, let rows, _): numbers.rejects += rows
    // Those that an earlier process rejected count as well.
    case .compared(_, let rejected): numbers.rejects = max(numbers.rejects, rejected)
    case .warned: numbers.warnings += 1
    case .progress, .stepFinished, .stepFoundDone, .noted: break
    }
    if state != .waiting { complained = false }
    return nil
  }

  /// The time has moved on without an event.
  mutating func tick(at now: Timestamp) -> Message? {
    guard !complained else { return nil }
    switch state {
    case .waiting:
      guard let limit = patience.waiting, let stateSince, now.seconds(since: stateSince) >= limit else {
        return nil
      }
      complained = true
      return message(.waiting, at: now)
    case .running, .cancelling, .verifying, .finalizing, .rollingBack:
      guard let limit = patience.silence, let lastSign, now.seconds(since: lastSign) >= limit else { return nil }
      complained = true
      return message(.silent, at: now)
    default: return nil
    }
  }

  /// No event follows.
  mutating func finish() -> Message? {
    guard let at = blockedAt else { return nil }
    blockedAt = nil
    return message(.blocked, at: at)
  }

  private mutating func change(from: RunState, to: RunState, at time: Timestamp) -> Message? {
    state = to
    stateSince = time
    complained = false
    blockedAt = nil
    if [.running, .verifying, .finalizing, .rollingBack].contains(to) { step = nil }
    defer { if to != .failed, to != .applied { failure = nil } }
    switch to {
    case .verified: return message(numbers.rejects > 0 ? .incomplete : .verified, at: time)
    case .differing: return message(.differs, at: time)
    case .failed: return message(.failed, at: time)
    case .applied where from == .verifying: return message(.unverified, at: time)
    case .cancelled: return message(.cancelled, at: time)
    case .finalized: return message(.finalized, at: time)
    case .rolledBack: return message(.rolledBack, at: time)
    case .blocked:
      blockedAt = time
      return nil
    case .applied, .planned, .waiting, .running, .cancelling, .verifying, .finalizing, .rollingBack: return nil
    }
  }

  private func message(_ kind: Message.Kind, at time: Timestamp) -> Message {
    let error: (error: String, advice: String?)? = [.failed, .blocked, .unverified].contains(kind) ? failure : nil
    return Message(
      id: .random(), kind: kind, run: run, part: part, at: time, state: state, numbers: numbers,
      step: [.failed, .silent].contains(kind) ? step : nil, error: error?.error, advice: error?.advice)
  }
}
