/// What makes old databases hard to carry over. Each occurs at a rate and is counted in the manifest.
public enum Ugliness: Int, CaseIterable, Sendable {
  /// An approval that nobody has decided yet.
  case unfinishedApproval
  case unfinishedTemporalMembership
  case unfinishedDeprovisioning
  /// Among the unfinished: due before the end of the history.
  case overdueTask
  /// Among the unfinished approvals: the approver is no person of the configuration.
  case unknownApprover
  /// A request that has not come to its end.
  case pendingRequest
  /// The initiator is a person that the configuration marks as deleted.
  case deletedInitiator
  /// The initiator is no person of the configuration.
  case unknownInitiator
  /// A section of a workflow that the configuration does not know.
  case unknownWorkflow
  /// A value in several scripts, with combining marks, emoji and right-to-left runs.
  case manyScripts
  /// A value of 64 KiB.
  case longValue
  /// A value of 1 MiB.
  case hugeValue
  /// An empty value, which is not an absent one.
  case emptyValue
  /// A value with a bar, a backslash, an LF, or a single tilde.
  case specialCharacters
  /// A text that is not UTF-8.
  case invalidUTF8
  /// A text with NUL.
  case nul
  /// A request from before 1970.
  case before1970
  /// A request in a local hour that occurs twice.
  case ambiguousHour
  /// A request at a local time that never was.
  case nonexistentHour
  /// A task that is due in a local hour that occurs twice.
  case ambiguousDue
  /// A request that repeats object, time, operation and initiator of the one before.
  case duplicateNaturalKey
  /// A request that is gone while its sections, properties and tasks are still there.
  case missingRequest
  /// A jump in the integer keys.
  case keyGap
  /// A request with a higher key and an earlier time than the one before it.
  case lateCommit
  /// A request whose object has no guid.
  case missingGuid
  /// A guid in capital letters (7.5 and 7.6).
  case capitalGuid
  /// A renaming or a move: the same guid has a new name from here on.
  case newName

  /// As the manifest calls it.
  public var name: String { String(describing: self) }

  /// Hits in a million requests, and how many there are at least in a history of some size. Nil: not drawn, but
  /// what comes of the organisation and the calendar is counted.
  var usualRate: (perMillion: Int, minimum: Int)? {
    switch self {
    case .unfinishedApproval, .unfinishedTemporalMembership: (1000, 6)
    case .unfinishedDeprovisioning: (500, 6)
    case .pendingRequest: (1000, 6)
    case .unknownInitiator: (5000, 3)
    case .unknownWorkflow: (500, 2)
    case .manyScripts: (10_000, 8)
    case .longValue: (100, 1)
    case .hugeValue: (10, 1)
    case .emptyValue: (10_000, 3)
    case .specialCharacters: (10_000, 8)
    case .invalidUTF8: (500, 12)
    case .nul: (250, 9)
    case .before1970: (500, 3)
    case .ambiguousHour, .nonexistentHour: (1000, 40)
    case .duplicateNaturalKey: (1000, 2)
    case .missingRequest: (500, 3)
    case .keyGap: (5000, 3)
    case .lateCommit: (2000, 2)
    case .overdueTask, .unknownApprover, .deletedInitiator, .ambiguousDue, .missingGuid, .capitalGuid, .newName:
      nil
    }
  }
}

/// How much of each ugliness a lab gets.
public struct LabRates: Sendable, Equatable {
  /// Hits in a million requests for each drawn ugliness.
  public private(set) var perMillion: [Ugliness: Int]

  /// As real databases have it.
  public static let usual = LabRates(
    perMillion: .init(
      uniqueKeysWithValues: Ugliness.allCases.compactMap { kind in
        kind.usualRate.map { (kind, $0.perMillion) }
      }))

  /// None, for measurements.
  public static let none = LabRates(perMillion: [:])

  /// The same without some.
  public func without(_ kinds: Ugliness...) -> LabRates {
    var rates = self
    for kind in kinds { rates.perMillion[kind] = nil }
    return rates
  }

  /// How often it occurs among so many requests. A small history has each at least a few times, so that a test
  /// on a thousand requests meets them all, yet no more than one request in fifty for each.
  func hits(_ kind: Ugliness, among requests: Int) -> Int {
    guard let rate = perMillion[kind], rate > 0, let usual = kind.usualRate else { return 0 }
    let (whole, rest) = requests.quotientAndRemainder(dividingBy: 1_000_000)
    let share = whole * rate + rest * rate / 1_000_000
    return max(share, min(usual.minimum, requests / 50))
  }
}
