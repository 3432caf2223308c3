public import Base
internal import Database
public import Migration

/// Reads the new service's history: what became of an object, what a user did, and how far that can be told.
///
/// One connection, read-only, and one unchanging picture of the database from the first row to the last.
public struct HistoryReading: Sendable {
  public enum Question: Sendable, Equatable {
    /// All changes of an object under all its names.
    case object(String)
    /// What happened under a name, whatever had it.
    case name(String)
    /// What a user asked for and decided.
    case user(String)
  }

  /// What stands before the entries.
  public struct Heading: Sendable, Encodable, Equatable {
    public let subject: HistorySubject
    public let asked: HistoryFilter
    public let coverage: HistoryCoverage
    /// Where it was read.
    public let database: String
    public let readAt: Timestamp
  }

  /// What stands behind them.
  public struct Closing: Sendable, Encodable, Equatable {
    public let count: Int
    /// Whether there are more than the limit.
    public let hasMore: Bool
  }

  public enum Answer: Sendable {
    case told(Closing)
    /// What was asked for is none alone.
    case several([HistoryCandidate])
    case unknown(near: [String])
  }

  private let destination: HistoryDestination
  private let clock: any Clock

  /// - Throws: ``MigrationError`` `usage` where the platform file names no new history.
  public init(_ section: AdministrationSection, in workplace: Workplace) throws {
    guard let destination = try HistoryImport(section, in: workplace).destination() else {
      throw MigrationError(
        .usage, doing: "read the history", reason: "the platform file names no destination",
        advice: "add destination: { history: \"…\" } to the section administration")
    }
    self.destination = destination
    clock = workplace.clock
  }

  /// Finds what is asked for and gives it to the bodies, newest first. Blocks.
  ///
  /// - Parameters:
  ///   - tell: told what takes a while.
  ///   - begin: called once, before the first entry.
  ///   - entry: called for each entry; what it throws ends the reading.
  public func answer(
    _ question: Question, _ filter: HistoryFilter, tell: @escaping (String) -> Void = { _ in },
    begin: (Heading) throws -> Void, entry: (HistoryEntry) throws -> Void
  ) throws -> Answer {
    let connection = try open()
    let answer = try connection.transaction(.readOnlySnapshot) {
      let identity = try identity(on: connection)
      let search: SubjectSearch =
        switch question {
        case .object(let typed): try ObjectFinder(connection: connection, tell: tell).find(typed)
        case .name(let name): try ObjectFinder(connection: connection, tell: tell).everything(named: name)
        case .user(let typed): try UserFinder(connection: connection).find(typed)
        }
      switch search {
      case .nothing(let near): return Answer.unknown(near: near)
      case .several(let candidates): return Answer.several(candidates)
      case .found(let found):
        let heading = Heading(
          subject: found.subject, asked: filter,
          coverage: try CoverageReader(connection: connection, created: identity.created).read(within: filter.span),
          database: destination.location.description, readAt: clock.now())
        try begin(heading)
        let list = try EntryList(
          connection, RequestSelection(found.parts, within: filter.span), ownTasks: found.ownTasks,
          within: filter.span, HistoryOrigins(connection))
        let (count, hasMore) = try list.each(limit: filter.limit, entry)
        return Answer.told(Closing(count: count, hasMore: hasMore))
      }
    }
    try connection.close()
    return answer
  }

  private func open() throws -> Connection {
    if let path = destination.location.path, try !Files.exists(path) {
      throw MigrationError(
        .notFound, doing: "read the history", reason: "there is no database at \(path) yet",
        advice: "an import makes it: locktender plan administration/history")
    }
    return try destination.openReadOnly()
  }

  private func identity(on connection: Connection) throws -> DatabaseIdentity {
    let identity = try DatabaseIdentity.read(from: connection)
    try identity.require(.history)
    guard identity.release == .newest else {
      throw AdministrationError(
        .wrongType, doing: "read the history", reason: "it is one of version \(identity.release)",
        advice: "import it into a \(Release.newest) history first: locktender plan administration/history")
    }
    return identity
  }
}

extension FoundSubject {
  /// Tasks that are told by themselves: those about the object that hang on no request of its own, and those that the
  /// user decided.
  var ownTasks: [TaskKind: SQL] {
    guard isTaskSubject else { return [.approval: "t.approver = \(subject.name)"] }
    let own = RequestSelection(parts, within: TimeSpan()).contains("c.")
    func named(_ column: String) -> SQL {
      let any = SQL.joined(
        subject.names.map { name in
          "(t.\(identifier: column) = \(name.name)\(fragment: name.span.sql(OwnTasks.time)))"
        }, by: " OR ")
      return "(\(fragment: any)) AND NOT \(fragment: own)"
    }
    return [
      .approval: named("subject"), .deprovisioning: named("subject"),
      .temporalMembership: "(\(fragment: named("member"))) OR (\(fragment: named("group_dn")))",
    ]
  }
}
