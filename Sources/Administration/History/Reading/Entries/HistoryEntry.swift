public import Base

/// One act that a history tells of: a request with everything that hangs on it, or a task by itself.
public struct HistoryEntry: Sendable, Encodable, Equatable {
  public enum Record: String, Sendable, Encodable {
    case request
    /// A task that is told for its own sake: of another object's request, of one that is gone, or decided by the user.
    case task
  }

  public let record: Record
  /// The row's key.
  public let id: UniqueID
  /// When the request was made; of a task without a request, when it is due. Nil where neither is known.
  public let at: Timestamp?
  /// The same as the clock showed it where it was made, with its offset: `2024-03-05T15:22:10+01:00`.
  public let local: String?
  public let zone: String?
  /// The old version could not tell which of the two readings of the local time was meant; the first was taken.
  public let isAmbiguous: Bool
  public let completedAt: Timestamp?
  public let completedLocal: String?
  /// `create`, `modify`, …; of a task that of its request.
  public let operation: String?
  /// `completed`, `rejected`, …; of a task that of its request.
  public let state: String?
  public let object: HistoryObject?
  public let initiator: String?
  public let accountUsed: String?
  public let host: String?
  public let reason: String?
  /// The row has no id of its object: it was told by the name that the object had then.
  public let isByName: Bool
  /// The request that a task belongs to; nil where there is none any longer.
  public let request: UniqueID?
  public internal(set) var properties: [HistoryProperty] = []
  public internal(set) var sections: [HistorySection] = []
  public internal(set) var tasks: [HistoryTask] = []
  /// Bytes of old texts that are no UTF-8 or hold NUL: what stands in the entry is their readable form.
  public internal(set) var originals: [HistoryOriginal] = []
  public let source: HistoryOrigin
}

/// What a request was about.
public struct HistoryObject: Sendable, Encodable, Equatable {
  public let id: UniqueID?
  /// As it was called then.
  public let name: String
  public let objectClass: String?
}

/// A property's value before and after; nil is absent, which is not the same as empty.
public struct HistoryProperty: Sendable, Encodable, Equatable {
  public let ordinal: Int
  public let name: String
  public let old: String?
  public let new: String?

  /// `added`, `removed`, `changed`: tells absent values from empty ones where a form cannot.
  public var change: String { old == nil ? (new == nil ? "named" : "added") : new == nil ? "removed" : "changed" }
}

/// What a workflow or policy did with a request.
public struct HistorySection: Sendable, Encodable, Equatable {
  public let ordinal: Int
  /// `workflow` or `policy`.
  public let kind: String
  public let name: String
  public let outcome: String?
  public let message: String?
}

/// A task that grew out of a request.
public struct HistoryTask: Sendable, Encodable, Equatable {
  public let id: UniqueID
  /// `approval`, `temporal-membership`, `deprovisioning`.
  public let kind: String
  public let state: String
  /// What a held task was before it was imported.
  public internal(set) var stateBefore: String?
  /// The object; of a membership the member.
  public let subject: String
  /// The approver, the group, or the policy.
  public let party: String
  /// `approved` or `rejected`; of a membership `add` or `remove`.
  public let decision: String?
  public let comment: String?
  public let actions: [String]
  public let dueAt: Timestamp?
  public let dueLocal: String?
  /// How often the service has revised it since it came.
  public let revision: Int
  public let source: HistoryOrigin
}

/// The bytes that an old database held where the readable form differs from them.
public struct HistoryOriginal: Sendable, Encodable, Equatable {
  /// The key of the request or task that it belongs to.
  public let row: UniqueID
  /// `host`, `property.old_value`, …
  public let field: String
  /// Of the property or section; 0 for others.
  public let ordinal: Int
  /// In hexadecimal.
  public let bytes: String
}

/// Where a row came from.
public struct HistoryOrigin: Sendable, Encodable, Equatable {
  /// The import that brought it; 0 where the service wrote it itself.
  public let importID: Int64
  /// The source's name; nil where the service wrote it, or where the import is not known any longer.
  public let name: String?
  /// `database`, `accesslog`, `samba-audit`, `service`.
  public let kind: String
  public let version: String?
  /// The row's key there.
  public let key: String?
}

/// A time as a clock on a wall showed it, with its offset.
func wallClock(_ instant: Timestamp?, offset: Int64?) -> String? {
  // At the ends of the range, which stand for infinity, no calendar has a date.
  guard let instant, let offset, abs(offset) < 200_000, abs(instant.microseconds / 2) < 4_000_000_000_000_000_000
  else { return nil }
  func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
  let size = abs(offset)
  let rest = size % 60 == 0 ? "" : ":\(two(size % 60))"
  return CivilTime(instant, offsetSeconds: Int(offset)).description
    + "\(offset < 0 ? "-" : "+")\(two(size / 3600)):\(two(size / 60 % 60))\(rest)"
}
