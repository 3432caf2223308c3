internal import Base
internal import Cryptography
internal import Transfer

/// What a fact speaks of; its first byte.
enum FactKind: UInt8, Sendable {
  case request = 1
  case property = 2
  case section = 3
  case task = 4
  /// A property whose request is not there. It has no key of its own that both sides know.
  case orphanProperty = 5
  case orphanSection = 6
  /// Something on the side of the source that cannot be understood, and that nobody has rejected.
  case unreadable = 7
  /// Something on the side of the destination that no import may leave.
  case damage = 8

  /// As it stands in a report.
  var name: String {
    switch self {
    case .request: "request"
    case .property: "property"
    case .section: "section"
    case .task: "task"
    case .orphanProperty: "property without its request"
    case .orphanSection: "section without its request"
    case .unreadable: "unreadable source row"
    case .damage: "damaged destination row"
    }
  }
}

/// What is wrong with a row of the destination.
enum Damage: UInt8, Sendable {
  /// The source's key that stands beside it is not a key of the source.
  case sourceKey = 1
  /// The row's own key is not of version 8 or carries another time.
  case key = 2
  /// A text is not valid UTF-8 or has NUL.
  case text = 3
  /// Original bytes that belong to no text of the row.
  case strayOriginal = 4
  /// A state, operation or kind that this release does not know, or one that must not be there.
  case term = 5
}

/// What a fact speaks of, without its key.
struct FactLabel: Hashable, Sendable {
  let kind: FactKind
  let ordinal: Int64

  init(_ kind: FactKind, _ ordinal: Int64) {
    self.kind = kind
    self.ordinal = ordinal
  }
}

/// Keeps the facts of a few rows apart, for a person who wants to know which of them differ.
///
/// Used by one reader at a time.
final class FactTrace {
  struct Entry: Hashable, Sendable {
    let key: Key
    let label: FactLabel
  }

  private let range: KeyRange
  private let limit: Int
  private(set) var facts: [Entry: [Digest256]] = [:]
  /// Set once there were more facts than are kept.
  private(set) var isCut = false

  init(_ range: KeyRange, limit: Int) {
    self.range = range
    self.limit = limit
  }

  func add(_ digest: Digest256, _ label: FactLabel, _ key: Key) {
    guard range.contains(key) else { return }
    if facts.count >= limit {
      isCut = true
      return
    }
    facts[Entry(key: key, label: label), default: []].append(digest)
  }
}
