public import Base

/// Word of a run to people who are not there. Holds numbers, states and commands; nothing about anybody.
public struct Message: Sendable, Equatable {
  /// What it is about.
  public enum Kind: String, Sendable, Codable, CaseIterable {
    case verified, finalized, rolledBack, cancelled
    /// Both sides agree, but rows were rejected.
    case incomplete
    case differs, failed, blocked
    /// All steps are done, but the comparison itself came to no end.
    case unverified
    /// It has been waiting for longer than one thinks.
    case waiting
    /// It is said to be working and has not given a sign of life for long.
    case silent

    /// Whether the run stands still until somebody does something.
    public var needsPerson: Bool {
      switch self {
      case .verified, .finalized, .rolledBack, .cancelled: false
      case .incomplete, .differs, .failed, .blocked, .unverified, .waiting, .silent: true
      }
    }
  }

  /// The numbers of the run so far, as far as this process saw them.
  public struct Numbers: Sendable, Codable, Equatable {
    public var rows = 0
    public var retries = 0
    public var rejects = 0
    public var warnings = 0
  }

  public let id: UniqueID
  public let kind: Kind
  public let run: UniqueID
  public let part: PartAddress
  public let at: Timestamp
  public let state: RunState
  public let numbers: Numbers
  /// The step at hand, while there is one.
  public let step: String?
  public let error: String?
  public let advice: String?

  public var next: [NextCommand] {
    // It is the process at work that says so.
    state.nextCommands(run: run.description, part: part, isActive: kind == .waiting || kind == .silent)
  }
}

extension Message {
  /// One line, with the part first, so that a mailbox sorts well.
  public var subject: String {
    let what =
      switch kind {
      case .verified: "verified"
      case .finalized: "finalized"
      case .rolledBack: "rolled back"
      case .cancelled: "cancelled"
      case .incomplete: "\(Human.count(numbers.rejects, "row")) rejected"
      case .differs: "both sides differ"
      case .failed: "failed"
      case .blocked: "blocked by a finding"
      case .unverified: "could not be compared"
      case .waiting: "still waiting"
      case .silent: "no sign of life"
      }
    return "\(part): \(what) (run \(run.description.prefix(8)))"
  }

  private var sentence: String {
    switch kind {
    case .verified: "The run is done. Both sides were compared and hold the same."
    case .finalized: "The run was finalized. It can no longer be taken back."
    case .rolledBack: "What the run brought was taken back."
    case .cancelled: "The run was stopped on request at the end of a batch. What is in stays."
    case .incomplete: "The run is done and what was carried agrees on both sides, but rows were rejected."
    case .differs: "Both sides were compared and do not hold the same."
    case .failed: "The run failed. What is in stays, and it can go on."
    case .blocked: "A finding forbids the run. Nothing was begun."
    case .unverified: "All steps are done, but the comparison of both sides came to no end."
    case .waiting: "The run is waiting for its time and has been for long."
    case .silent: "The run is said to be working, but nothing has been heard of it for long."
    }
  }

  /// The message as plain text: the sentence, the error, the numbers, and what can be done next.
  public var text: String {
    var lines = [sentence, ""]
    if let error { lines.append("Error: \(error)") }
    if let advice { lines.append("To do: \(advice)") }
    if error != nil || advice != nil { lines.append("") }
    lines.append("Part:     \(part)")
    lines.append("Run:      \(run)")
    lines.append("State:    \(state.title)")
    if let step { lines.append("Step:     \(step)") }
    lines.append("When:     \(Human.instant(at))")
    lines.append("Rows:     \(Human.count(numbers.rows)) written by this process")
    lines.append("Rejected: \(Human.count(numbers.rejects))")
    lines.append("Retries:  \(Human.count(numbers.retries))")
    lines.append("Warnings: \(Human.count(numbers.warnings))")
    lines.append("")
    lines.append("Next:")
    for command in next { lines += ["  \(command.command)", "    \(command.why)"] }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The message as JSON, for a web hook. `text` is there for chats that show just that member.
  public func json() throws -> [UInt8] {
    try encodeJSON(
      Wire(
        format: 1, id: id, kind: kind, needsPerson: kind.needsPerson, run: run, part: part, at: at, state: state,
        step: step, error: error, advice: advice, numbers: numbers, next: next.map(\.command), subject: subject,
        text: "\(subject)\n\n\(text)"))
  }

  private struct Wire: Encodable {
    let format: Int
    let id: UniqueID
    let kind: Kind
    let needsPerson: Bool
    let run: UniqueID
    let part: PartAddress
    let at: Timestamp
    let state: RunState
    let step: String?
    let error: String?
    let advice: String?
    let numbers: Numbers
    let next: [String]
    let subject: String
    let text: String
  }
}
