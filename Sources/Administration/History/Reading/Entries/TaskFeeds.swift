internal import Base
internal import Database
internal import Transfer

/// Something that gives entries from the newest to the oldest.
protocol EntryFeed: AnyObject {
  /// Where the next entry stands; nil behind the last one.
  func place() throws -> EntryPlace?
  func take() throws -> HistoryEntry?
}

/// The tasks of one kind that belong to requests of a list, in the list's order.
///
/// No index of 8.2 leads from a request to its tasks: the table of tasks, small against that of requests, is read once
/// for a whole list, sorted by the engine, and walked along with the requests.
final class RequestTasks {
  private let kind: TaskKind
  private let cursor: QueryCursor
  private let origins: HistoryOrigins

  init(_ connection: Connection, _ kind: TaskKind, of requests: RequestSelection, _ origins: HistoryOrigins) throws
  {
    self.kind = kind
    self.origins = origins
    cursor = try QueryCursor(
      connection, RequestTasks.sql(kind, of: requests),
      HistoryTables.task(kind).kinds + [.timestamp, .uuid])
  }

  static func sql(_ kind: TaskKind, of requests: RequestSelection) -> SQL {
    // CROSS JOIN keeps SQLite from beginning with the requests and making an index on all tasks for each statement.
    """
    SELECT \(fragment: TaskListing(kind).list), c.requested_at, c.id
    FROM \(identifier: kind.table(in: .v8_2)) t CROSS JOIN change_request c
    WHERE c.id = t.request_id AND t.request_id IN (\(fragment: requests.ids))
    ORDER BY c.requested_at DESC, c.id DESC, t.id
    """
  }

  /// The tasks of a request. Requests must be asked for in the list's order.
  func tasks(of request: EntryPlace) throws -> [HistoryTask] {
    var tasks: [HistoryTask] = []
    let count = TaskListing(kind).count
    while true {
      let next = try cursor.current { row -> (EntryPlace, HistoryTask?) in
        let place = EntryPlace(row.timestamp(count), row.uuid(count + 1) ?? UniqueID(high: 0, low: 0))
        return (place, place == request ? TaskListing(kind).task(row, origins) : nil)
      }
      guard let (place, task) = next, place >= request else { return tasks }
      if let task { tasks.append(task) }
      cursor.advance()
    }
  }
}

/// Tasks of one kind that are told by themselves, newest first.
final class OwnTasks: EntryFeed {
  private let kind: TaskKind
  private let cursor: QueryCursor
  private let origins: HistoryOrigins

  init(
    _ connection: Connection, _ kind: TaskKind, where condition: SQL, within span: TimeSpan,
    _ origins: HistoryOrigins
  ) throws {
    self.kind = kind
    self.origins = origins
    cursor = try QueryCursor(
      connection, OwnTasks.sql(kind, where: condition, within: span),
      HistoryTables.task(kind).kinds + [.uuid, .timestamp, .integer, .text, .text, .uuid, .text, .text])
  }

  /// When a task stands in the list: with its request, else when it is due.
  static let time = "coalesce(c.requested_at, t.due_at)"

  static func sql(_ kind: TaskKind, where condition: SQL, within span: TimeSpan) -> SQL {
    """
    SELECT \(fragment: TaskListing(kind).list), c.id, c.requested_at, c.requested_offset, c.operation, c.state,
      c.object_guid, c.object_dn, c.initiator
    FROM \(identifier: kind.table(in: .v8_2)) t LEFT JOIN change_request c ON c.id = t.request_id
    WHERE (\(fragment: condition))\(fragment: span.sql(time))
    ORDER BY \(unsafeSQL: time) DESC NULLS LAST, t.id DESC
    """
  }

  func place() throws -> EntryPlace? {
    let count = TaskListing(kind).count
    let due = TaskListing(kind).due
    return try cursor.current { row in
      EntryPlace(row.timestamp(count + 1) ?? row.timestamp(due), row.uuid(0) ?? UniqueID(high: 0, low: 0))
    }
  }

  func take() throws -> HistoryEntry? {
    let columns = TaskListing(kind)
    let entry = try cursor.current { row -> HistoryEntry in
      let task = columns.task(row, origins)
      let first = columns.count
      let requested = row.timestamp(first + 1)
      let hasRequest = !row.isNull(first)
      return HistoryEntry(
        record: .task, id: task.id, at: requested ?? task.dueAt,
        local: hasRequest ? wallClock(requested, offset: row.integer(first + 2)) : task.dueLocal, zone: nil,
        isAmbiguous: false, completedAt: nil, completedLocal: nil, operation: row.string(first + 3),
        state: row.string(first + 4),
        object: row.string(first + 6).map { HistoryObject(id: row.uuid(first + 5), name: $0, objectClass: nil) },
        initiator: row.string(first + 7), accountUsed: nil, host: nil, reason: nil, isByName: true,
        request: row.uuid(first), tasks: [task], source: task.source)
    }
    cursor.advance()
    return entry
  }
}

/// How the columns of a task's table are read.
struct TaskListing {
  private let kind: TaskKind
  private let names: [String]

  init(_ kind: TaskKind) {
    self.kind = kind
    names = HistoryTables.task(kind).columns
  }

  var count: Int { names.count }
  var due: Int { index("due_at") }

  /// All of them, under the alias `t`.
  var list: SQL { SQL.joined(names.map { "t.\(identifier: $0)" }, by: ", ") }

  private func index(_ name: String) -> Int { names.firstIndex(of: name) ?? 0 }

  func task(_ row: borrowing RowView, _ origins: HistoryOrigins) -> HistoryTask {
    let isMembership = kind == .temporalMembership
    let subject = isMembership ? "member" : "subject"
    let party = isMembership ? "group_dn" : kind == .approval ? "approver" : "policy"
    let due = row.timestamp(due)
    return HistoryTask(
      id: row.uuid(0) ?? UniqueID(high: 0, low: 0), kind: kind.name(in: .v8_2) ?? "",
      state: row.string(index("state")) ?? "", subject: row.string(index(subject)) ?? "",
      party: row.string(index(party)) ?? "",
      decision: kind == .approval
        ? row.string(index("decision")) : isMembership ? row.string(index("action")) : nil,
      comment: kind == .approval ? row.string(index("comment")) : nil,
      actions: kind == .deprovisioning ? TaskListing.actions(row.string(index("actions")) ?? "") : [],
      dueAt: due, dueLocal: wallClock(due, offset: row.integer(index("due_offset"))),
      revision: Int(row.integer(index("revision")) ?? 0),
      source: origins.origin(row.integer(index("import_id")) ?? 0, key: row.string(index("source_key"))))
  }

  /// One action a line; a backslash escapes what stands behind it (docs/lineage.md, packed text).
  static func actions(_ text: String) -> [String] {
    if text.isEmpty { return [] }
    return text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      var action = ""
      var isEscaped = false
      for scalar in line.unicodeScalars {
        if isEscaped {
          action.unicodeScalars.append(scalar == "n" ? "\n" : scalar)
          isEscaped = false
        } else if scalar == "\\" {
          isEscaped = true
        } else {
          action.unicodeScalars.append(scalar)
        }
      }
      return action
    }
  }
}
