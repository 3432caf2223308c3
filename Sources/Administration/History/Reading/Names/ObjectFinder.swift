internal import Base
internal import Database

/// Finds the object that somebody means: by its id, by a request's id, by any name that it has or had, or by the first
/// part of such a name.
struct ObjectFinder {
  let connection: Connection
  /// Told what takes a while.
  let tell: (String) -> Void

  private var search: NameSearch { NameSearch(connection: connection) }

  func find(_ typed: String) throws -> SubjectSearch {
    if let id = UniqueID(typed) { return try find(id) }
    let match = NameMatch(typed)
    var names = NameSearch.Result()
    if try hasRequests(.isName(typed, "object_dn")) {
      names.names = [typed]
    } else {
      names = try search.objects(match)
    }
    var holders = try names.names.flatMap { try self.holders(of: $0) }
    if names.names.isEmpty {
      tell("nothing was requested under this name: reading all requests for one that gave it")
      holders = try search.renames(to: match).map { Holder(id: $0.object, name: $0.old) }
    }
    let ids = Set(holders.compactMap(\.id))
    // Rows without an id belong to the one object that had the name; to which of several nobody can tell.
    let nameless = Set(holders.filter { $0.id == nil }.map(\.name))
    switch (ids.count, nameless.count) {
    case (0, 0): return .nothing(near: names.near)
    case (1, _): return .found(try trace(ids[ids.startIndex]))
    case (0, 1): return .found(try trace(nameless[nameless.startIndex]))
    default:
      let known = try ids.sorted().prefix(NameSearch.mostNames).map { try candidate($0) }
      let others = try ids.isEmpty ? nameless.sorted().prefix(NameSearch.mostNames).map { try candidate($0) } : []
      return .several((known + others).sorted { ($0.last?.microseconds ?? 0) > ($1.last?.microseconds ?? 0) })
    }
  }

  /// What happened under a name, whatever had it.
  func everything(named name: String) throws -> SubjectSearch {
    guard try hasRequests(.isName(name, "object_dn")) else {
      return .nothing(near: try search.objects(NameMatch(name)).near)
    }
    let subject = HistorySubject(
      kind: .object, id: nil, name: name, names: [HistoryName(name: name, span: TimeSpan())],
      notes: ["told by this name alone, whatever had it; renamings are not followed"])
    return .found(FoundSubject(subject: subject, parts: [.init(key: .name(name))], isTaskSubject: true))
  }

  private func find(_ id: UniqueID) throws -> SubjectSearch {
    if try hasRequests("object_guid = \(id)") { return .found(try trace(id)) }
    let holder = try connection.first(
      "SELECT object_guid, object_dn FROM change_request WHERE id = \(id)", [.uuid, .text]
    ) { Holder(id: $0.uuid(0), name: $0.string(1) ?? "") }
    guard let holder else { return .nothing(near: []) }
    if let object = holder.id { return .found(try trace(object)) }
    return .found(try trace(holder.name))
  }

  // MARK: Who had a name

  private struct Holder: Hashable {
    let id: UniqueID?
    let name: String
  }

  private func hasRequests(_ condition: SQL) throws -> Bool {
    try connection.integer("SELECT 1 FROM change_request WHERE \(fragment: condition) LIMIT 1") != nil
  }

  private func holders(of name: String) throws -> [Holder] {
    var holders: [Holder] = []
    try connection.rows(
      "SELECT DISTINCT object_guid FROM change_request WHERE \(fragment: .isName(name, "object_dn"))", [.uuid]
    ) {
      holders.append(Holder(id: $0.uuid(0), name: name))
    }
    return holders
  }

  private func candidate(_ id: UniqueID) throws -> HistoryCandidate {
    try candidate(key: id.description, "object_guid = \(id)")
  }

  private func candidate(_ name: String) throws -> HistoryCandidate {
    try candidate(key: name, RequestSelection.Part.nameless(name, TimeSpan()).sql())
  }

  private func candidate(key: String, _ condition: SQL) throws -> HistoryCandidate {
    let newest = try connection.text(
      "SELECT object_dn FROM change_request WHERE \(fragment: condition) ORDER BY requested_at DESC LIMIT 1")
    return try connection.first(
      "SELECT count(*), min(requested_at), max(requested_at) FROM change_request WHERE \(fragment: condition)",
      [.integer, .timestamp, .timestamp]
    ) { row in
      HistoryCandidate(
        key: key, name: newest ?? key, requests: Int(row.integer(0) ?? 0), first: row.timestamp(1),
        last: row.timestamp(2))
    } ?? HistoryCandidate(key: key, name: key, requests: 0, first: nil, last: nil)
  }

  // MARK: Objects with an id

  /// An object with all its names. Rows under one of them that have no id are its own where it had that name then.
  private func trace(_ id: UniqueID) throws -> FoundSubject {
    let part = RequestSelection.Part(key: .object(id))
    var names = NameHistory()
    try connection.rows(
      """
      SELECT object_dn, min(requested_at), max(requested_at) FROM change_request WHERE \(fragment: part.sql())
      GROUP BY object_dn
      """, [.text, .timestamp, .timestamp]
    ) { row in
      if let name = row.string(0), let first = row.timestamp(1), let last = row.timestamp(2) {
        names.seen(name, from: first, to: last)
      }
    }
    for rename in try search.renames(of: part) { names.renamed(rename.old, to: rename.new, at: rename.at) }
    let spans = names.spans
    return try found(id, spans, [part] + spans.map { .nameless($0.name, $0.span) })
  }

  /// - Parameter parts: what belongs to the object; rows under its names that do not are counted.
  private func found(
    _ id: UniqueID?, _ names: [HistoryName], _ parts: [RequestSelection.Part]
  ) throws -> FoundSubject {
    var notes: [String] = []
    var others = 0
    let own = RequestSelection(parts.filter(\.isByName), within: TimeSpan())
    for name in Set(names.map(\.name)) {
      others += Int(
        try connection.integer(
          """
          SELECT count(*) FROM change_request c WHERE \(fragment: RequestSelection.Part.nameless(name, TimeSpan()).sql("c."))
            AND NOT \(fragment: own.contains("c."))
          """) ?? 0)
    }
    if others > 0 {
      notes.append(
        "\(others) more requests under one of its names have no id and fall into times when it had another name; they are told with --by-name"
      )
    }
    if id == nil {
      notes.append(
        "its requests have no id: it is followed by name, and cannot be told from others of the same name")
    }
    let subject = HistorySubject(
      kind: .object, id: id, name: names.last?.name ?? "", names: names, notes: notes)
    return FoundSubject(subject: subject, parts: parts, isTaskSubject: true)
  }

  // MARK: Objects without an id

  private func trace(_ name: String) throws -> FoundSubject {
    var names = [HistoryName(name: name, span: TimeSpan())]
    // What it was called before; a name under which the first thing that happened is a creation was its first.
    while let first = names.first, names.count < 100, try !beginsWithCreation(first) {
      tell("nothing tells how it came by its name: reading all requests for one that gave it")
      guard let rename = try search.lastRename(to: first.name, before: first.span.until),
        !names.contains(where: { $0.name == rename.old })
      else { break }
      names[0] = HistoryName(name: first.name, span: TimeSpan(from: rename.at, until: first.span.until))
      names.insert(HistoryName(name: rename.old, span: TimeSpan(until: after(rename.at))), at: 0)
    }
    // And what since.
    while let last = names.last, names.count < 200,
      let rename = try search.renames(of: .nameless(last.name, last.span)).last,
      !names.contains(where: { $0.name == rename.new })
    {
      names[names.count - 1] = HistoryName(
        name: last.name, span: TimeSpan(from: last.span.from, until: after(rename.at)))
      names.append(HistoryName(name: rename.new, span: TimeSpan(from: rename.at)))
    }
    return try found(nil, names, names.map { .nameless($0.name, $0.span) })
  }

  private func beginsWithCreation(_ name: HistoryName) throws -> Bool {
    try connection.text(
      """
      SELECT operation FROM change_request
      WHERE \(fragment: RequestSelection.Part.nameless(name.name, name.span).sql()) ORDER BY requested_at, id LIMIT 1
      """) == "create"
  }
}

/// The first instant behind an instant.
func after(_ time: Timestamp) -> Timestamp {
  Timestamp(microseconds: time.microseconds == .max ? .max : time.microseconds + 1)
}
