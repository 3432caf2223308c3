internal import Database
internal import Transfer

/// Counts the properties and sections of a source that have lost their request, so that as many may be without it in
/// the destination.
struct SourceOrphans: Sendable, Equatable {
  var properties = 0
  var sections = 0

  /// Blocks; reads the tables of properties and sections once.
  ///
  /// - Parameter rejected: what hangs on a rejected request has lost it too, unless it was rejected itself.
  static func count(
    _ release: Release, rejected: RejectedRows = RejectedRows(), on connection: Connection
  ) throws -> SourceOrphans {
    let layout = SourceLayout(release)
    var orphans = SourceOrphans()
    switch layout {
    case .release75: return orphans
    case .release76, .release80:
      let table = SectionRows.table(layout)
      orphans.sections = try lost(table, layout, on: connection)
      try rows(of: rejected.requests, table, "id", .integer, on: connection) { _, row in
        if let id = row.integer(0), !rejected.sections.contains(.integer(id)) { orphans.sections += 1 }
      }
      // Sections that were rejected although their request was lost anyway.
      try rows(of: rejected.sections, table, "request_id", column: "id", .integer, on: connection) { _, row in
        guard let request = row.integer(0) else { return }
        if try connection.integer("select id from \(identifier: layout.requestTable) where id = \(request)") == nil
        {
          orphans.sections -= 1
        }
      }
    case .release81, .release82:
      for (table, path, refused) in [
        ("property_change", \SourceOrphans.properties, rejected.properties),
        ("request_section", \.sections, rejected.dividedSections),
      ] {
        var count = try lost(table, layout, on: connection)
        try rows(of: rejected.requests, table, "ordinal", .integer, on: connection) { request, row in
          if let ordinal = row.integer(0), !refused.has(request, ordinal) { count += 1 }
        }
        for child in refused {
          count -= try lost(child, table, layout, on: connection)
        }
        orphans[keyPath: path] = count
      }
    }
    return orphans
  }

  private static func lost(_ table: String, _ layout: SourceLayout, on connection: Connection) throws -> Int {
    Int(
      try connection.integer(
        """
        select count(*) from \(identifier: table) c where not exists (
          select 1 from \(identifier: layout.requestTable) r where r.id = c.request_id)
        """) ?? 0)
  }

  private static func lost(
    _ child: RejectedRows.Child, _ table: String, _ layout: SourceLayout, on connection: Connection
  ) throws -> Int {
    let ordinal: SQL = child.ordinal.map { "c.ordinal = \($0)" } ?? "1 = 1"
    return Int(
      try connection.integer(
        """
        select count(*) from \(identifier: table) c
        where c.request_id = \(child.request.value) and \(fragment: ordinal) and not exists (
          select 1 from \(identifier: layout.requestTable) r where r.id = c.request_id)
        """) ?? 0)
  }

  /// Goes over the rows that have one of the given keys in a column, a key at a time: rejected rows are few.
  private static func rows(
    of keys: Set<Key>, _ table: String, _ result: String, column: String = "request_id", _ kind: ColumnKind,
    on connection: Connection, _ body: (Key, borrowing RowView) throws -> Void
  ) throws {
    for key in keys {
      let query: SQL = """
        select \(identifier: result) from \(identifier: table) where \(identifier: column) = \(key.value)
        """
      try connection.rows(query, [kind]) { row in try body(key, row) }
    }
  }
}
