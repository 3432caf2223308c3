public import Base

/// What a listing is about, as it was found.
public struct HistorySubject: Sendable, Encodable, Equatable {
  public enum Kind: String, Sendable, Encodable {
    case object, user
  }

  public let kind: Kind
  /// The object's id; nil for users, and for objects that are known by name only.
  public let id: UniqueID?
  /// The newest name.
  public let name: String
  /// Every name that it had, oldest first, with the span in which it had it.
  public let names: [HistoryName]
  /// What to know about how it was found.
  public let notes: [String]
}

public struct HistoryName: Sendable, Encodable, Equatable {
  public let name: String
  public let span: TimeSpan
}

/// One of several that were meant by the same word.
public struct HistoryCandidate: Sendable, Encodable, Equatable {
  /// What names it and no other: its id, else its whole name.
  public let key: String
  /// Its newest name.
  public let name: String
  public let requests: Int
  public let first: Timestamp?
  public let last: Timestamp?
}

/// What became of a search.
enum SubjectSearch {
  case found(FoundSubject)
  case several([HistoryCandidate])
  case nothing(near: [String])
}

/// A subject with the requests and the tasks that belong to it.
struct FoundSubject {
  let subject: HistorySubject
  let parts: [RequestSelection.Part]
  /// Tasks that are told by themselves, by kind, among those of requests that are none of the subject's.
  let isTaskSubject: Bool
}
