internal import Base
internal import Database
internal import Transfer

/// Reads requests, properties and sections from tables of their own, side by side in the order of the requests'
/// keys, as facts.
struct DividedRequests: ~Copyable {
  private let side: DividedSide
  private let progress: ReadProgress
  private var output: DividedFacts

  init(_ side: DividedSide, _ progress: ReadProgress, _ facts: consuming FactWriter) {
    self.side = side
    self.progress = progress
    output = DividedFacts(side, facts)
  }

  var sums: RangeSums { output.facts.sums }

  /// Whose properties and sections come next.
  private enum Owner {
    case request(Key)
    /// It is not there, or the import had to leave it out.
    case nobody
    /// The import has rejected it: what belongs to it comes without it.
    case rejected
    /// It does not belong to what was asked for.
    case outsider
  }

  /// Reads what belongs to requests of a range of keys.
  ///
  /// - Parameter connections: one for each of the tables that are read side by side.
  mutating func read(_ range: KeyRange, on connections: ReadConnections) throws {
    var requests = try cursor(requestQuery(range), DividedRequests.requestKinds, connections[0])
    var properties = try cursor(
      childQuery("property_change", "name, old_value, new_value", range),
      [
        .uuid, .integer, .text, .text, .text,
      ], connections[1])
    var sections = try cursor(
      childQuery("request_section", "kind, name, outcome, message", range),
      [
        .uuid, .integer, .text, .text, .text, .text,
      ], connections[2])
    var originals = try Originals(side, range, on: connections[3], progress)
    while let id = DividedRequests.lowest(requests, properties, sections) {
      try originals.load(id)
      var owner = Owner.nobody
      if !requests.isAtEnd, requests.id == id {
        owner = add(requests.view, isWhole: !requests.hasMismatch, &originals)
        try requests.advance()
      }
      while !properties.isAtEnd, properties.id == id {
        addProperty(properties.view, isWhole: !properties.hasMismatch, owner, &originals)
        try properties.advance()
      }
      while !sections.isAtEnd, sections.id == id {
        addSection(sections.view, isWhole: !sections.hasMismatch, owner, &originals)
        try sections.advance()
      }
      if side.isDestination, case .request(let key) = owner, originals.hasStray {
        output.add(.strayOriginal, at: key)
      }
    }
  }

  private func cursor(_ query: SQL, _ kinds: [ColumnKind], _ connection: Connection) throws -> RowCursor {
    try RowCursor(connection, query, kinds, progress)
  }

  private static func lowest(
    _ requests: borrowing RowCursor, _ properties: borrowing RowCursor, _ sections: borrowing RowCursor
  ) -> UniqueID? {
    var lowest: UniqueID?
    if !requests.isAtEnd { lowest = requests.id }
    if !properties.isAtEnd { lowest = lowest.map { min($0, properties.id) } ?? properties.id }
    if !sections.isAtEnd { lowest = lowest.map { min($0, sections.id) } ?? sections.id }
    return lowest
  }

  private static let requestKinds: [ColumnKind] = [
    .uuid, .text, .uuid, .text, .text, .text, .text, .text, .timestamp, .integer, .timestamp, .integer, .text,
    .boolean, .text, .text, .text,
  ]

  private func requestQuery(_ range: KeyRange) -> SQL {
    """
    select q.id, q.operation, q.object_guid, q.object_dn, q.object_class, q.initiator, q.account_used, q.host,
      q.\(unsafeSQL: side.column("requested_at", else: "submitted_at")),
      q.\(unsafeSQL: side.column("requested_offset", else: "submitted_offset")),
      q.completed_at, q.completed_offset, q.zone, \(unsafeSQL: side.column("q.ambiguous", else: "false")),
      q.state, q.reason, \(unsafeSQL: side.column("q.source_key", else: "''"))
    from change_request q
    where \(fragment: side.condition("q")) and \(fragment: range.condition("q.id")) order by q.id
    """
  }

  private func childQuery(_ table: String, _ columns: String, _ range: KeyRange) -> SQL {
    """
    select c.request_id, c.ordinal, \(unsafeSQL: columns) from \(identifier: table) c
    where \(fragment: side.condition("c")) and \(fragment: range.condition("c.request_id"))
    order by c.request_id, c.ordinal
    """
  }

  // MARK: Facts

  private mutating func add(_ row: borrowing RowView, isWhole: Bool, _ originals: inout Originals) -> Owner {
    let id = row.uuid(0) ?? UniqueID(high: 0, low: 0)
    guard let key = side.key(id, row.field(16)) else {
      output.add(.sourceKey, at: SourceKey.lowest(side.keyKind))
      return .nobody
    }
    if let scope = side.scope {
      if !scope.contains(row.timestamp(8)?.microseconds) || scope.skipped.contains(key) { return .outsider }
      if scope.rejected.requests.contains(key) { return .rejected }
    }
    output.facts.begin(.request, of: key)
    output.facts.put(term: row.field(1), of: .operations)
    let hasRightObject = putObjectID(row, &originals)
    output.put(row, 3, "object_dn", 0, &originals)
    output.put(row, 4, "object_class", 0, &originals)
    output.put(row, 5, "initiator", 0, &originals)
    output.put(row, 6, "account_used", 0, &originals)
    output.put(row, 7, "host", 0, &originals)
    output.facts.put(instant: row.timestamp(8), offset: row.integer(9))
    output.facts.put(instant: row.timestamp(10), offset: row.integer(11))
    output.put(row, 12, "zone", 0, &originals)
    output.facts.put(row.boolean(13) ?? true)
    output.facts.put(term: row.field(14), of: side.requestStates)
    output.put(row, 15, "reason", 0, &originals)
    output.facts.end(at: key)
    output.addUnreadableText(at: key)
    if !isWhole || !hasRightObject { output.add(.term, at: key) }
    if side.isDestination, !hasRightKey(id, row.timestamp(8)) { output.add(.key, at: key) }
    return .request(key)
  }

  /// The object's id; where the source spelled it otherwise, its text there.
  ///
  /// - Returns: false where the id is not that of the text.
  private mutating func putObjectID(_ row: borrowing RowView, _ originals: inout Originals) -> Bool {
    if !originals.isEmpty, let text = originals.take("object_guid") {
      output.facts.put(objectID: unsafe text.span.bytes)
      return UniqueID(utf8: text.span) == row.uuid(2)
    }
    if let id = row.uuid(2) { output.facts.put(objectID: id) } else { output.facts.putAbsent() }
    return true
  }

  /// A key that an import made tells the row's time in milliseconds, or zero for times before 1970.
  private func hasRightKey(_ id: UniqueID, _ time: Timestamp?) -> Bool {
    guard let time else { return false }
    return id.version == 8 && id.low >> 62 == 0b10 && id.milliseconds == max(0, time.milliseconds)
  }

  private mutating func addProperty(
    _ row: borrowing RowView, isWhole: Bool, _ owner: Owner, _ originals: inout Originals
  ) {
    let ordinal = row.integer(1) ?? .min
    guard let place = begin(.property, .orphanProperty, row, ordinal, owner) else { return }
    output.put(row, 2, "property.name", ordinal, &originals)
    output.put(row, 3, "property.old_value", ordinal, &originals)
    output.put(row, 4, "property.new_value", ordinal, &originals)
    end(place, ordinal, isWhole)
  }

  private mutating func addSection(
    _ row: borrowing RowView, isWhole: Bool, _ owner: Owner, _ originals: inout Originals
  ) {
    let ordinal = row.integer(1) ?? .min
    guard let place = begin(.section, .orphanSection, row, ordinal, owner) else { return }
    output.facts.put(term: row.field(2), of: .sectionKinds)
    output.put(row, 3, "section.name", ordinal, &originals)
    output.put(row, 4, "section.outcome", ordinal, &originals)
    output.put(row, 5, "section.message", ordinal, &originals)
    end(place, ordinal, isWhole)
  }

  /// Begins the fact of a row that belongs to a request.
  ///
  /// - Returns: the key to which it counts; nil where the row is not compared.
  private mutating func begin(
    _ kind: FactKind, _ orphanKind: FactKind, _ row: borrowing RowView, _ ordinal: Int64, _ owner: Owner
  ) -> Key? {
    if side.hasRejectedChildren, let scope = side.scope, let id = row.uuid(0) {
      let rejected = kind == .property ? scope.rejected.properties : scope.rejected.dividedSections
      if rejected.has(.uuid(id), ordinal) { return nil }
    }
    let place: Key
    switch owner {
    case .outsider: return nil
    case .request(let key):
      output.facts.begin(kind, of: key, ordinal: ordinal)
      place = key
    case .nobody, .rejected:
      if case .nobody = owner, !side.takesOrphans { return nil }
      output.facts.begin(orphanKind, ordinal: ordinal)
      place = SourceKey.lowest(side.keyKind)
    }
    output.facts.put(ordinal)
    return place
  }

  private mutating func end(_ place: Key, _ ordinal: Int64, _ isWhole: Bool) {
    output.facts.end(at: place)
    output.addUnreadableText(at: place, ordinal: ordinal)
    if !isWhole { output.add(.term, at: place, ordinal: ordinal) }
  }
}
