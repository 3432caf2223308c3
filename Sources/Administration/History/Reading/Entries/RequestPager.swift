internal import Base
internal import Database
internal import Transfer

/// A place in a list that runs from the newest to the oldest entry.
struct EntryPlace: Comparable {
  /// Entries without a time stand at the end.
  let time: Int64
  let id: UniqueID

  init(_ time: Timestamp?, _ id: UniqueID) {
    self.time = time?.microseconds ?? .min
    self.id = id
  }

  static func < (left: EntryPlace, right: EntryPlace) -> Bool {
    left.time != right.time ? left.time < right.time : left.id < right.id
  }
}

/// The requests of one part, newest first, a page at a time: each page begins where the last one ended, by the index
/// that the part is found by.
final class RequestPager: EntryFeed {
  private let connection: Connection
  private let part: RequestSelection.Part
  private let origins: HistoryOrigins
  private let rows: Int
  private var page: [HistoryEntry] = []
  private var index = 0
  private var last: EntryPlace?
  private var isAtEnd = false

  init(
    _ connection: Connection, _ part: RequestSelection.Part, _ origins: HistoryOrigins,
    rows: Int = EntryList.pageSize
  ) {
    self.connection = connection
    self.part = part
    self.origins = origins
    self.rows = rows
  }

  func place() throws -> EntryPlace? {
    if index == page.count { try readPage() }
    return index < page.count ? EntryPlace(page[index].at, page[index].id) : nil
  }

  func take() throws -> HistoryEntry? {
    guard try place() != nil else { return nil }
    defer { index += 1 }
    return page[index]
  }

  /// The statement for the next page.
  func sql(after last: EntryPlace?) -> SQL {
    var behind: SQL = ""
    if let last {
      let time = Timestamp(microseconds: last.time)
      behind = " AND requested_at <= \(time) AND (requested_at < \(time) OR id < \(last.id))"
    }
    return """
      SELECT \(identifiers: HistoryTables.request.columns) FROM change_request
      WHERE \(fragment: part.sql())\(fragment: behind)
      ORDER BY requested_at DESC, id DESC LIMIT \(rows)
      """
  }

  private func readPage() throws {
    guard !isAtEnd else { return }
    page.removeAll(keepingCapacity: true)
    index = 0
    try connection.rows(sql(after: last), HistoryTables.request.kinds) { row in
      page.append(RequestColumn.entry(row, isByName: part.isByName, origins))
    }
    last = page.last.map { EntryPlace($0.at, $0.id) }
    isAtEnd = page.count < rows
  }
}

/// The columns of ``HistoryTables/request`` by their places.
enum RequestColumn {
  static func entry(_ row: borrowing RowView, isByName: Bool, _ origins: HistoryOrigins) -> HistoryEntry {
    let at = row.timestamp(8)
    let completed = row.timestamp(10)
    return HistoryEntry(
      record: .request, id: row.uuid(0) ?? UniqueID(high: 0, low: 0), at: at,
      local: wallClock(at, offset: row.integer(9)), zone: row.string(12), isAmbiguous: row.boolean(13) ?? false,
      completedAt: completed, completedLocal: wallClock(completed, offset: row.integer(11)),
      operation: row.string(1), state: row.string(14),
      object: HistoryObject(id: row.uuid(2), name: row.string(3) ?? "", objectClass: row.string(4)),
      initiator: row.string(5), accountUsed: row.string(6), host: row.string(7), reason: row.string(15),
      isByName: isByName, request: nil, source: origins.origin(row.integer(16) ?? 0, key: row.string(17)))
  }
}

/// Which import brought what from where.
struct HistoryOrigins {
  private var sources: [Int64: (name: String, kind: String, version: String?)] = [:]

  init(_ connection: Connection) throws {
    var found: [Int64: (name: String, kind: String, version: String?)] = [:]
    try connection.rows(
      """
      SELECT i.id, s.name, s.kind, s.version FROM history_import i JOIN history_source s ON s.id = i.source_id
      """, [.integer, .text, .text, .text]
    ) { row in
      found[row.integer(0) ?? 0] = (row.string(1) ?? "", row.string(2) ?? "", row.string(3))
    }
    sources = found
  }

  func origin(_ number: Int64, key: String?) -> HistoryOrigin {
    let source = sources[number]
    return HistoryOrigin(
      importID: number, name: source?.name, kind: source?.kind ?? (number == 0 ? "service" : "unknown"),
      version: source?.version, key: number == 0 ? nil : key)
  }
}
