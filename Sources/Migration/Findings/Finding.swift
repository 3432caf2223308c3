public import Base

/// What a check found.
public struct Finding: Sendable, Codable, Equatable {
  public enum Severity: String, Sendable, Codable, Comparable, CaseIterable {
    case pass, warn, block

    public static func < (left: Severity, right: Severity) -> Bool {
      allCases.firstIndex(of: left)! < allCases.firstIndex(of: right)!
    }
  }

  /// The check's name, stable over versions: `backup.place`.
  public let check: String
  /// The rule that it carries out, as in `docs/rules.md`: `D16`.
  public let rule: String?
  public let severity: Severity
  /// What it is about: `source main`.
  public let subject: String
  /// What was found, in one sentence, with the numbers read.
  public let message: String
  /// What to do about it: a command, or one sentence. Present on all but `pass`.
  public let remedy: String?
  /// A block that a person may waive with name and reason. What would lose data cannot be waived.
  public let waivable: Bool
  /// Speaks of how things must be before anything is written, such as a blank destination; not asked of a run that
  /// goes on.
  public let onlyBeforeStart: Bool
  /// Present once somebody has waived it.
  public var waiver: Waiver?

  public init(
    _ check: String, rule: String? = nil, _ severity: Severity, about subject: String, _ message: String,
    remedy: String? = nil, waivable: Bool = false, onlyBeforeStart: Bool = false
  ) {
    self.check = check
    self.rule = rule
    self.severity = severity
    self.subject = subject
    self.message = message
    self.remedy = remedy
    self.waivable = waivable
    self.onlyBeforeStart = onlyBeforeStart
  }

  /// What of it a plan's hash covers: which check, how severe, and by whom it was waived and why.
  func decisive(at time: Timestamp) -> Finding {
    var decisive = Finding(check, rule: rule, severity, about: subject, "", waivable: waivable)
    decisive.waiver = waiver.map {
      Waiver(check: $0.check, subject: $0.subject, by: $0.by, reason: $0.reason, at: time)
    }
    return decisive
  }

  /// Whether it forbids to go on.
  public var blocks: Bool { severity == .block && waiver == nil }
}

/// Who let a blocking finding pass, when, and why. Stands in the plan and in the report.
public struct Waiver: Sendable, Codable, Equatable {
  public let check: String
  public let subject: String?
  public let by: String
  public let reason: String
  public let at: Timestamp

  public init(check: String, subject: String? = nil, by: String, reason: String, at: Timestamp) {
    self.check = check
    self.subject = subject
    self.by = by
    self.reason = reason
    self.at = at
  }
}

extension [Finding] {
  /// The worst severity that is not waived; `pass` for none.
  public var worst: Finding.Severity { filter { $0.waiver == nil }.map(\.severity).max() ?? .pass }

  /// The same findings with the waivers written to those that may be waived.
  ///
  /// - Throws: ``MigrationError`` `usage` for a waiver that meets no finding, or one that cannot be waived.
  public func applying(_ waivers: [Waiver]) throws(MigrationError) -> [Finding] {
    var findings = self
    for waiver in waivers {
      guard !waiver.by.isEmpty, !waiver.reason.isEmpty else {
        throw MigrationError(
          .usage, doing: "waive \(waiver.check)", reason: "a waiver needs a name and a reason",
          advice: "--waive \(waiver.check) --by NAME --reason TEXT")
      }
      let hits = findings.indices.filter {
        findings[$0].check == waiver.check && findings[$0].severity == .block
          && (waiver.subject == nil || waiver.subject == findings[$0].subject)
      }
      guard !hits.isEmpty else {
        throw MigrationError(
          .usage, doing: "waive \(waiver.check)", reason: "no such blocking finding",
          advice: "the check verb lists the findings by name")
      }
      for index in hits {
        guard findings[index].waivable else {
          throw MigrationError(
            .blocked, doing: "waive \(waiver.check)", reason: "this finding cannot be waived",
            advice: findings[index].remedy)
        }
        findings[index].waiver = waiver
      }
    }
    return findings
  }
}
