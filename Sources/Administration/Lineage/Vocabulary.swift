/// A closed set of meanings that releases write in different words, listed in one table.
///
/// A raw value is a place in the table, and nothing that any release writes.
public protocol Vocabulary: RawRepresentable, CaseIterable, Hashable, Sendable where RawValue == UInt8 {
  /// Every term once, in the order of the cases.
  static var table: [Wording<Self>] { get }
}

/// How the releases write one term.
public struct Wording<Term: Sendable>: Sendable {
  public let term: Term
  /// In 7.5 and 7.6; nil for a term that these releases do not know.
  public let code: Int64?
  /// In 8.0 and 8.1; nil likewise.
  public let name: String?
  /// In 8.2.
  public let newName: String

  init(_ term: Term, _ code: Int64?, old name: String?, new newName: String) {
    self.term = term
    self.code = code
    self.name = name
    self.newName = newName
  }

  init(_ term: Term, _ code: Int64, _ name: String, _ newName: String? = nil) {
    self.init(term, code, old: name, new: newName ?? name)
  }
}

extension Vocabulary {
  public var wording: Wording<Self> { Self.table[Int(rawValue)] }

  /// The number in 7.5 and 7.6; nil where these releases do not know the term.
  public var code: Int64? { wording.code }

  /// The name in 8.0 and later; nil where the release does not know the term or writes codes.
  public func name(in release: Release) -> String? {
    release.termsAreCodes ? nil : release == .v8_2 ? wording.newName : wording.name
  }

  /// The term of a code of 7.5 and 7.6.
  public static func term(code: Int64) -> Self? {
    table.first { $0.code == code }?.term
  }

  /// The term of a name of 8.0 or later.
  public static func term(name: some StringProtocol, in release: Release) -> Self? {
    table.first { entry in entry.term.name(in: release).map { $0 == name } ?? false }?.term
  }
}

/// What a request asks to be done with its object.
public enum Operation: UInt8, Vocabulary {
  case create, modify, delete, rename, move, addMember, removeMember, enable, disable, resetPassword

  public static let table: [Wording<Operation>] = [
    .init(.create, 1, "create"),
    .init(.modify, 2, "modify"),
    .init(.delete, 3, "delete"),
    .init(.rename, 4, "rename"),
    .init(.move, 5, "move"),
    .init(.addMember, 6, "add-member"),
    .init(.removeMember, 7, "remove-member"),
    .init(.enable, 8, "enable"),
    .init(.disable, 9, "disable"),
    .init(.resetPassword, 10, "reset-password"),
  ]
}

/// How far a request has come.
public enum RequestState: UInt8, Vocabulary {
  case pending, awaitingApproval, running, completed, failed, rejected, cancelled

  public static let table: [Wording<RequestState>] = [
    .init(.pending, 0, "pending"),
    .init(.awaitingApproval, 1, "awaiting-approval"),
    .init(.running, 2, "executing", "running"),
    .init(.completed, 3, "done", "completed"),
    .init(.failed, 4, "failed"),
    .init(.rejected, 5, "rejected"),
    .init(.cancelled, 6, "cancelled"),
  ]

  public var isFinished: Bool {
    switch self {
    case .pending, .awaitingApproval, .running: false
    case .completed, .failed, .rejected, .cancelled: true
    }
  }
}

/// What a task is for.
public enum TaskKind: UInt8, Vocabulary {
  case approval, temporalMembership, deprovisioning

  public static let table: [Wording<TaskKind>] = [
    .init(.approval, 1, "approval"),
    .init(.temporalMembership, 2, "temporal-membership"),
    .init(.deprovisioning, 3, "deprovisioning"),
  ]

  /// The table that holds tasks of this kind.
  public func table(in release: Release) -> String {
    switch release {
    case .v7_5, .v8_0: "task"
    case .v7_6: "management_task"
    case .v8_1, .v8_2:
      switch self {
      case .approval: "approval_task"
      case .temporalMembership: "temporal_membership_task"
      case .deprovisioning: "deprovisioning_task"
      }
    }
  }
}

/// How far a task has come.
public enum TaskState: UInt8, Vocabulary {
  case open, completed, cancelled, running
  /// Imported unfinished, and not to be touched before its services are handed over (8.2).
  case held

  public static let table: [Wording<TaskState>] = [
    .init(.open, 0, "open"),
    .init(.completed, 1, "done", "completed"),
    .init(.cancelled, 2, "cancelled"),
    .init(.running, 3, "running"),
    .init(.held, nil, old: nil, new: "held"),
  ]

  public var isFinished: Bool { self == .completed || self == .cancelled }
}

/// What wrote a section of a request. The code is the letter of 7.5 and 7.6 in ASCII.
public enum SectionKind: UInt8, Vocabulary {
  case workflow, policy

  public static let table: [Wording<SectionKind>] = [
    .init(.workflow, 0x57, "workflow"),
    .init(.policy, 0x50, "policy"),
  ]
}
