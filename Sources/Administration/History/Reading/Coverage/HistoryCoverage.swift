public import Base

/// What times a history speaks of, source by source, and what is known to be missing in them.
///
/// Told with every listing: where something was not imported, that nothing is listed does not mean that nothing was.
public struct HistoryCoverage: Sendable, Encodable, Equatable {
  public struct Source: Sendable, Encodable, Equatable {
    public let name: String
    /// `database`, `accesslog`, `samba-audit`.
    public let kind: String
    public let version: String?
    public let identity: String
    /// Spans that complete imports have brought, ascending and apart.
    public let covered: [TimeSpan]
    /// Where the last span has no end it reaches to the copy that was read, which was made before this time.
    public let copiedBefore: Timestamp?
  }

  public struct Gap: Sendable, Encodable, Equatable {
    public enum Reason: String, Sendable, Encodable {
      /// No import of the source has this span in its range.
      case notImported
      /// An import of the span was begun and not brought to its end, or was not found right by a comparison: some of
      /// it may be in.
      case unfinished
      /// Rows of the span could not be carried.
      case rejected
      /// Only unfinished tasks of the source were brought.
      case tasksOnly
    }

    /// The source's name.
    public let source: String
    public let span: TimeSpan
    public let reason: Reason
    /// How many rows were rejected.
    public let rows: Int?
    /// The run that is to blame.
    public let run: UniqueID?
  }

  /// From when on the service could write by itself: when its database was made.
  public let ownSince: Timestamp
  public let sources: [Source]
  /// Newest first, within the times that were asked for.
  public let gaps: [Gap]
  /// The first and the last request of all; of the times before and after nothing is known.
  public let first: Timestamp?
  public let last: Timestamp?
  /// What could not be found out.
  public let notes: [String]
}
