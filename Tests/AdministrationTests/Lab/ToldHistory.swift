import Administration
import Base
import Database

/// A history as one release tells it, without what that release adds: for comparing releases with each other.
struct ToldHistory: Equatable {
  struct Request: Equatable {
    var operation: Administration.Operation?
    var guid: UniqueID?
    /// Name, class, initiator, account, host, zone.
    var texts: [[UInt8]?] = []
    var submitted: CivilTime?
    var completed: CivilTime?
    var state: RequestState?
    /// Name, old and new value of each change.
    var changes: [[[UInt8]?]] = []
    /// Kind, name, outcome and message of each section.
    var sections: [[[UInt8]?]] = []
    var reason: [UInt8]?
  }

  struct Task: Equatable {
    /// The place of its request; -1 for none, -2 for one that is gone.
    var request = -1
    var state: TaskState?
    /// Subject, party, zone, and what the task decides or does.
    var texts: [[UInt8]?] = []
    var due: CivilTime?
  }

  var requests: [Request] = []
  var tasks: [TaskKind: [Task]] = [:]
  /// Requests that are gone and of which something is left.
  var missing = 0
}

extension ToldHistory {
  init(_ lab: TestLab) throws {
    let connection = try lab.open(.history)
    if lab.options.release.keysAreIntegers {
      try self.init(integers: connection, lab.options.release)
    } else {
      try self.init(uuids: connection, lab.options.release)
    }
  }

  /// Reads a statement's texts, integers (as texts in decimal) and nulls.
  private static func rows(_ connection: Connection, _ sql: SQL, columns: Int) throws -> [[[UInt8]?]] {
    var rows: [[[UInt8]?]] = []
    let kinds = [ColumnKind](repeating: .text, count: columns)
    try connection.rows(sql, kinds) { row in rows.append((0..<columns).map { row.bytes($0) }) }
    return rows
  }

  // MARK: 7.5 to 8.0

  private init(integers connection: Connection, _ release: Release) throws {
    let isLocal = release.timesAreLocal
    let times: SQL =
      isLocal ? "submitted, 0, completed, 0" : "submitted_at, submitted_offset, completed_at, completed_offset"
    let table = release == .v7_5 ? "request" : release == .v7_6 ? "change_history" : "change_request"
    let guid: SQL = release == .v8_0 ? "hex(object_guid)" : "object_guid"
    var places: [[UInt8]: Int] = [:]
    for row in try Self.rows(
      connection,
      """
      select id, operation, \(fragment: guid), \(fragment: times), \(unsafeSQL: isLocal ? "status" : "state"),
      \(unsafeSQL: release == .v7_5 ? "detail" : "changes"), object_dn, object_class, initiator, account_used, host, zone
      from \(identifier: table) order by id
      """, columns: 15)
    {
      var request = Request()
      request.operation = Self.term(row[1], release)
      request.guid = Self.guid(row[2])
      request.submitted = Self.time(row[3], row[4], isLocal)
      request.completed = Self.time(row[5], row[6], isLocal)
      request.state = Self.term(row[7], release)
      request.texts = Array(row[9...])
      for item in try PackedItem.items(in: row[8] ?? []) {
        switch item.letter {
        case "C": request.changes.append(item.fields)
        case "R": request.reason = item.fields[0]
        default: request.sections.append([Array(String(item.letter).utf8)] + item.fields)
        }
      }
      places[row[0] ?? []] = requests.count
      requests.append(request)
    }
    var gone: Set<[UInt8]> = []
    if release.sectionsAreRows {
      let sections = release == .v7_6 ? "change_history_section" : "request_section"
      for row in try Self.rows(
        connection,
        "select request_id, kind, name, outcome, message from \(identifier: sections) order by request_id, ordinal",
        columns: 5)
      {
        guard let place = places[row[0] ?? []] else {
          gone.insert(row[0] ?? [])
          continue
        }
        let letter = row[1].map { [UInt8(Unicode.Scalar($0[0]).properties.uppercaseMapping.utf8.first ?? 0)] }
        requests[place].sections.append([letter] + row[2...])
      }
    }
    let due: SQL = isLocal ? "due, 0" : "due_at, due_offset"
    for row in try Self.rows(
      connection,
      """
      select request_id, kind, \(unsafeSQL: isLocal ? "status" : "state"), \(fragment: due), detail, subject, party, zone
      from \(identifier: TaskKind.approval.table(in: release)) order by id
      """, columns: 9)
    {
      var task = Task()
      task.request = row[0].map { places[$0] ?? -2 } ?? -1
      if task.request == -2 { gone.insert(row[0] ?? []) }
      task.state = Self.term(row[2], release)
      task.due = Self.time(row[3], row[4], isLocal)
      let items = try PackedItem.items(in: row[5] ?? [])
      let kind: TaskKind? = Self.term(row[1], release)
      let details = kind == .approval ? items.first?.fields ?? [nil, nil] : items.map { $0.fields[0] }
      task.texts = row[6...] + details
      tasks[kind ?? .approval, default: []].append(task)
    }
    missing = gone.count
  }

  // MARK: 8.1 and 8.2

  private init(uuids connection: Connection, _ release: Release) throws {
    let prefix = release == .v8_2 ? "requested" : "submitted"
    var places: [[UInt8]: Int] = [:]
    for row in try Self.rows(
      connection,
      """
      select hex(id), operation, hex(object_guid), \(unsafeSQL: prefix)_at, \(unsafeSQL: prefix)_offset, completed_at,
      completed_offset, state, reason, object_dn, object_class, initiator, account_used, host, zone
      from change_request order by rowid
      """, columns: 15)
    {
      var request = Request()
      request.operation = Self.term(row[1], release)
      request.guid = Self.guid(row[2])
      request.submitted = Self.time(row[3], row[4], false)
      request.completed = Self.time(row[5], row[6], false)
      request.state = Self.term(row[7], release)
      request.reason = row[8]
      request.texts = Array(row[9...])
      places[row[0] ?? []] = requests.count
      requests.append(request)
    }
    var gone: Set<[UInt8]> = []
    for row in try Self.rows(
      connection,
      "select hex(request_id), name, old_value, new_value from property_change order by request_id, ordinal",
      columns: 4)
    {
      guard let place = places[row[0] ?? []] else {
        gone.insert(row[0] ?? [])
        continue
      }
      requests[place].changes.append(Array(row[1...]))
    }
    for row in try Self.rows(
      connection,
      "select hex(request_id), kind, name, outcome, message from request_section order by request_id, ordinal",
      columns: 5)
    {
      guard let place = places[row[0] ?? []] else {
        gone.insert(row[0] ?? [])
        continue
      }
      requests[place].sections.append([[row[1]![0] & ~0x20]] + row[2...])
    }
    for (kind, names) in [
      (TaskKind.approval, "subject, approver, zone, decision, comment"),
      (.temporalMembership, "member, group_dn, zone, action, null"),
      (.deprovisioning, "subject, policy, zone, actions, null"),
    ] {
      for row in try Self.rows(
        connection,
        """
        select hex(request_id), state, due_at, due_offset, \(unsafeSQL: names)
        from \(identifier: kind.table(in: release)) order by rowid
        """, columns: 9)
      {
        var task = Task()
        let request = row[0].flatMap { $0.isEmpty ? nil : $0 }
        task.request = request.map { places[$0] ?? -2 } ?? -1
        if let request, task.request == -2 { gone.insert(request) }
        task.state = Self.term(row[1], release)
        task.due = Self.time(row[2], row[3], false)
        let details: [[UInt8]?] =
          switch kind {
          case .approval: [row[7], row[8]]
          case .temporalMembership: [row[7]]
          case .deprovisioning: try PackedItem.lines(in: row[7] ?? [])
          }
        task.texts = row[4...6] + details
        tasks[kind, default: []].append(task)
      }
    }
    missing = gone.count
  }

  // MARK: Values

  private static func term<Term: Vocabulary>(_ text: [UInt8]?, _ release: Release) -> Term? {
    let word = String(decoding: text ?? [], as: UTF8.self)
    return release.termsAreCodes ? Int64(word).flatMap { Term.term(code: $0) } : Term.term(name: word, in: release)
  }

  private static func guid(_ text: [UInt8]?) -> UniqueID? {
    guard let text, !text.isEmpty else { return nil }
    let digits = bytes(hexadecimal: String(decoding: text.filter { $0 != UInt8(ascii: "-") }, as: UTF8.self)) ?? []
    let words = stride(from: 0, to: 16, by: 8).map { start in
      digits[start..<(start + 8)].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    }
    return UniqueID(high: words[0], low: words[1])
  }

  private static func time(_ value: [UInt8]?, _ offset: [UInt8]?, _ isLocal: Bool) -> CivilTime? {
    guard let value else { return nil }
    if isLocal { return CivilTime.parse(value.span)?.time }
    let microseconds = Int64(String(decoding: value, as: UTF8.self)) ?? 0
    let seconds = Int64(String(decoding: offset ?? [], as: UTF8.self)) ?? 0
    return CivilTime(Timestamp(microseconds: microseconds + seconds * 1_000_000), offsetMinutes: 0)
  }
}
