internal import Base
internal import Database
internal import Transfer

/// Entries of a history from the newest to the oldest, whole, and never more than a page of them in memory.
struct EntryList {
  /// How many requests are completed at once: few, since a single value may have a megabyte.
  static let pageSize = 64

  private let connection: Connection
  private let feeds: [any EntryFeed]
  private let requestTasks: [RequestTasks]

  /// - Parameters:
  ///   - requests: the requests of the list, which their tasks come with.
  ///   - ownTasks: what tasks are told by themselves, by kind.
  init(
    _ connection: Connection, _ requests: RequestSelection, ownTasks: [TaskKind: SQL], within span: TimeSpan,
    _ origins: HistoryOrigins
  ) throws {
    self.connection = connection
    var feeds: [any EntryFeed] = requests.parts.map { RequestPager(connection, $0, origins) }
    for kind in TaskKind.allCases {
      guard let condition = ownTasks[kind] else { continue }
      feeds.append(try OwnTasks(connection, kind, where: condition, within: span, origins))
    }
    self.feeds = feeds
    requestTasks =
      requests.parts.isEmpty
      ? [] : try TaskKind.allCases.map { try RequestTasks(connection, $0, of: requests, origins) }
  }

  /// Gives each entry to a body.
  ///
  /// - Returns: how many there were, and whether there are more than the limit.
  func each(limit: Int?, _ body: (HistoryEntry) throws -> Void) throws -> (count: Int, hasMore: Bool) {
    var count = 0
    while true {
      var page: [HistoryEntry] = []
      let room = min(EntryList.pageSize, (limit ?? .max) - count)
      while page.count < room, let entry = try next() { page.append(entry) }
      if page.isEmpty { break }
      try complete(&page)
      for entry in page { try body(entry) }
      count += page.count
    }
    let hasMore = try feeds.contains { try $0.place() != nil }
    return (count, hasMore)
  }

  /// The newest entry of all feeds.
  private func next() throws -> HistoryEntry? {
    var newest: (feed: any EntryFeed, place: EntryPlace)?
    for feed in feeds {
      guard let place = try feed.place() else { continue }
      if newest.map({ $0.place < place }) ?? true { newest = (feed, place) }
    }
    return try newest?.feed.take()
  }

  // MARK: What hangs on requests

  private func complete(_ page: inout [HistoryEntry]) throws {
    for index in page.indices where page[index].record == .request {
      let place = EntryPlace(page[index].at, page[index].id)
      for tasks in requestTasks { page[index].tasks += try tasks.tasks(of: place) }
    }
    var places: [UniqueID: Int] = [:]
    for (index, entry) in page.enumerated() where entry.record == .request { places[entry.id] = index }
    if !places.isEmpty {
      try addProperties(&page, places)
      try addSections(&page, places)
    }
    // A task may stand beneath its request and by itself.
    var rows = places.mapValues { [$0] }
    for (index, entry) in page.enumerated() {
      for task in entry.tasks { rows[task.id, default: []].append(index) }
    }
    try addOriginals(&page, rows)
  }

  private func addProperties(_ page: inout [HistoryEntry], _ places: [UniqueID: Int]) throws {
    try connection.rows(
      """
      SELECT request_id, ordinal, name, old_value, new_value FROM property_change
      WHERE request_id IN \(list: Array(places.keys)) ORDER BY request_id, ordinal
      """, [.uuid, .integer, .text, .text, .text]
    ) { row in
      guard let index = row.uuid(0).flatMap({ places[$0] }) else { return }
      page[index].properties.append(
        HistoryProperty(
          ordinal: Int(row.integer(1) ?? 0), name: row.string(2) ?? "", old: row.string(3), new: row.string(4)))
    }
  }

  private func addSections(_ page: inout [HistoryEntry], _ places: [UniqueID: Int]) throws {
    try connection.rows(
      """
      SELECT request_id, ordinal, kind, name, outcome, message FROM request_section
      WHERE request_id IN \(list: Array(places.keys)) ORDER BY request_id, ordinal
      """, [.uuid, .integer, .text, .text, .text, .text]
    ) { row in
      guard let index = row.uuid(0).flatMap({ places[$0] }) else { return }
      page[index].sections.append(
        HistorySection(
          ordinal: Int(row.integer(1) ?? 0), kind: row.string(2) ?? "", name: row.string(3) ?? "",
          outcome: row.string(4), message: row.string(5)))
    }
  }

  private func addOriginals(_ page: inout [HistoryEntry], _ places: [UniqueID: [Int]]) throws {
    try connection.rows(
      """
      SELECT row_id, field, ordinal, value FROM original_value
      WHERE row_id IN \(list: Array(places.keys)) ORDER BY row_id, field, ordinal
      """, [.uuid, .text, .integer, .bytes]
    ) { row in
      guard let id = row.uuid(0), let field = row.string(1) else { return }
      let bytes = hexadecimal(of: row.text(3))
      for index in places[id] ?? [] {
        if field == "state", let task = page[index].tasks.firstIndex(where: { $0.id == id }) {
          page[index].tasks[task].stateBefore = row.string(3)
        } else {
          page[index].originals.append(
            HistoryOriginal(row: id, field: field, ordinal: Int(row.integer(2) ?? 0), bytes: bytes))
        }
      }
    }
  }
}
