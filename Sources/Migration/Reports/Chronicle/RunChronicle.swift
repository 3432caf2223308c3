internal import Base

/// What a run's events add up to, taken one at a time: its size does not grow with the run.
///
/// Pure: events in, numbers out. A run has several attempts, each ending as it may, kill -9 included; the numbers
/// are those of all attempts together.
struct RunChronicle {
  /// The longest list of texts that is kept; what comes later is counted only.
  static let longestList = 200

  private(set) var stepSeconds: [String: Double] = [:]
  /// The ids of the steps that are known to be done.
  private(set) var stepsDone: Set<String> = []
  private(set) var retries = 0
  private(set) var rejects = 0
  private(set) var warnings: [String] = []
  private(set) var warningCount = 0
  /// The last error; nil once the run goes on or ends well.
  private(set) var failure: Report.Failure?
  /// Rows by stream of the batches that were told.
  private(set) var carried: [String: Int] = [:]
  private(set) var throughput = Throughput()

  private var retryCauses: [RetryCause: Int] = [:]
  private var reasons: [RejectionReason: Int] = [:]
  private var state = RunState.planned
  private var openStep: (id: String, since: Timestamp)?
  private var last: Timestamp?

  private struct RetryCause: Hashable {
    let what: String
    let error: String
  }

  private struct RejectionReason: Hashable {
    let stream: String
    let reason: String
  }

  mutating func take(_ event: Event) {
    defer { last = event.at }
    advanceClock(to: event)
    switch event.kind {
    case .stateChanged(_, let to): change(to: to, at: event.at)
    case .stepStarted(let id, _, _, _):
      closeInterruptedStep()
      stepsDone.remove(id)
      openStep = (id, event.at)
      throughput.begin(step: id)
    case .stepFinished(let id, let seconds, _):
      openStep = nil
      stepSeconds[id, default: 0] += max(0, seconds)
      stepsDone.insert(id)
    case .stepFoundDone(let id):
      closeInterruptedStep()
      stepsDone.insert(id)
    case .progress(let progress): throughput.take(progress)
    case .batchCommitted(let stream, _, let rows, _, _): carried[stream, default: 0] += rows
    case .retried(let what, let error, _, _):
      retries += 1
      RunChronicle.count(1, of: RetryCause(what: what, error: error), in: &retryCauses)
    case .rejected(let stream, let rows, let reason):
      rejects += rows
      RunChronicle.count(rows, of: RejectionReason(stream: stream, reason: reason), in: &reasons)
    case .warned(let text):
      warningCount += 1
      if warnings.count < RunChronicle.longestList { warnings.append(text) }
    case .failed(let error, let advice): failure = Report.Failure(error: error, advice: advice)
    case .compared, .noted: break
    }
  }

  /// The commonest first.
  var retryList: [Report.Retry] {
    retryCauses.map { Report.Retry(what: $0.key.what, error: $0.key.error, times: $0.value) }
      .sorted { ($1.times, $0.what, $0.error) < ($0.times, $1.what, $1.error) }
  }

  /// The commonest first.
  var rejectionList: [Report.Rejection] {
    reasons.map { Report.Rejection(stream: $0.key.stream, reason: $0.key.reason, rows: $0.value) }
      .sorted { ($1.rows, $0.stream, $0.reason) < ($0.rows, $1.stream, $1.reason) }
  }

  // MARK: Time

  /// Counts the time since the last event where somebody worked in it.
  ///
  /// A process that was killed says nothing: its silence ends with the next process taking up a step, and that
  /// time is nobody's.
  private mutating func advanceClock(to event: Event) {
    guard let last, event.at > last else { return }
    switch event.kind {
    case .stepStarted, .stepFoundDone: return
    case .stateChanged(_, .running), .stateChanged(_, .verifying), .stateChanged(_, .rollingBack),
      .stateChanged(_, .finalizing):
      return
    default: break
    }
    let isWorking =
      switch state {
      case .running, .cancelling, .verifying, .finalizing, .rollingBack: true
      default: openStep != nil
      }
    if isWorking { throughput.advance(seconds: event.at.seconds(since: last)) }
  }

  private mutating func change(to next: RunState, at time: Timestamp) {
    state = next
    switch next {
    case .running, .verifying, .verified, .finalizing, .finalized, .rollingBack, .rolledBack: failure = nil
    default: break
    }
    // A step that was cancelled or failed was worked on until now.
    if let openStep, next != .cancelling {
      stepSeconds[openStep.id, default: 0] += max(0, time.seconds(since: openStep.since))
      self.openStep = nil
    }
  }

  /// A step that begins while another is open: the process before was killed, and its last sign of life counts.
  private mutating func closeInterruptedStep() {
    guard let openStep, let last else { return }
    stepSeconds[openStep.id, default: 0] += max(0, last.seconds(since: openStep.since))
    self.openStep = nil
  }

  /// Keeps the number of different keys finite: what is new when it is full is counted nowhere but in the sum.
  private static func count<Key: Hashable>(_ number: Int, of key: Key, in counts: inout [Key: Int]) {
    if let present = counts[key] {
      counts[key] = present + number
    } else if counts.count < longestList {
      counts[key] = number
    }
  }
}
