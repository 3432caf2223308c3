internal import Base
internal import Database
internal import Transfer

/// Turns a change request of any release into its rows of 8.2: the request, and, where the release packs them, its
/// changed properties and sections.
final class RequestTransform: RowTransform {
  private typealias Column = RequestColumns

  static func outputs(_ release: Release) -> [OutputTable] {
    release.changesArePacked
      ? [HistoryTables.request, HistoryTables.original, HistoryTables.property, HistoryTables.section]
      : [HistoryTables.request, HistoryTables.original]
  }

  private static let requests = 0
  private static let originals = 1
  private static let properties = 2
  private static let sections = 3

  private let release: Release
  private let operations: TermMap<Operation>
  private let states: TermMap<RequestState>
  private let operationNames = TermNames<Operation>()
  private let stateNames = TermNames<RequestState>()
  private let sectionNames = TermNames<SectionKind>()
  private var writer: RowComposer
  private var packed = PackedFields()

  init(_ release: Release, _ writer: consuming RowComposer) {
    self.release = release
    self.writer = writer
    operations = TermMap(release)
    states = TermMap(release)
  }

  func transform(_ row: borrowing RowView, into outputs: OutputRows) throws(RowRejection) -> Bool {
    if writer.hasEarlier, isIn(row) { return false }
    let operation = try operations.term(row, Column.operation, "operation")
    let state = try states.term(row, Column.state, "state")
    let submitted = try time(row, Column.submitted, Column.submittedMark)
    guard let submitted else { throw RowRejection("time.missing", column: "submitted") }
    guard writer.range.contains(submitted.instant) else { return false }
    let completed = try time(row, Column.completed, Column.completedMark)
    let id = try key(row, submitted)

    var reason: PackedFields.Field?
    if release.changesArePacked {
      try packed.parse(row.text(Column.text))
      try addChildren(row.text(Column.text), id, outputs, &reason)
    }
    outputs.withTable(RequestTransform.requests) { block in
      block.beginRow()
      block.append(id)
      operationNames.append(operation, to: &block)
      appendGuid(row, to: &block, id, outputs)
      appendText(row, Column.dn, "object_dn", to: &block, id, outputs)
      appendText(row, Column.objectClass, "object_class", to: &block, id, outputs)
      appendText(row, Column.initiator, "initiator", to: &block, id, outputs)
      appendText(row, Column.account, "account_used", to: &block, id, outputs)
      appendText(row, Column.host, "host", to: &block, id, outputs)
      block.append(submitted.instant)
      block.append(Int64(submitted.offset))
      if let completed {
        block.append(completed.instant)
        block.append(Int64(completed.offset))
      } else {
        block.appendNull()
        block.appendNull()
      }
      appendText(row, Column.zone, "zone", to: &block, id, outputs)
      block.append(isAmbiguous(row, submitted, completed))
      stateNames.append(state, to: &block)
      appendReason(row, reason, to: &block, id, outputs)
      block.append(writer.importID)
      appendSourceKey(row, to: &block)
      block.endRow()
    }
    return true
  }

  // MARK: Fields

  private func isIn(_ row: borrowing RowView) -> Bool {
    release.keysAreIntegers ? writer.isIn(row.integer(Column.key)) : writer.isIn(row.uuid(Column.key))
  }

  private func key(_ row: borrowing RowView, _ submitted: ResolvedTime) throws(RowRejection) -> UniqueID {
    if release.keysAreIntegers {
      guard let key = row.integer(Column.key) else { throw RowRejection("key.missing", column: "id") }
      return writer.identity.key(.request, key, at: submitted.instant.milliseconds)
    }
    guard let key = row.uuid(Column.key) else { throw RowRejection("key.missing", column: "id") }
    return writer.identity.key(.request, key)
  }

  /// A time with its offset: a local text beside the zone, or an instant beside the offset.
  private func time(
    _ row: borrowing RowView, _ index: Int, _ mark: Int
  ) throws(RowRejection) -> ResolvedTime? {
    if row.isNull(index) { return nil }
    if release.timesAreLocal {
      let second: Bool? = release.timesHaveFold ? row.integer(mark).map { $0 != 0 } ?? false : nil
      return try writer.zones.instant(row.text(index), zone: row.text(Column.zone), secondReading: second)
    }
    guard let instant = row.timestamp(index) else { throw RowRejection("time.unreadable") }
    return ResolvedTime(instant: instant, offset: Int(row.integer(mark) ?? 0), isAmbiguous: false)
  }

  private func isAmbiguous(_ row: borrowing RowView, _ submitted: ResolvedTime, _ completed: ResolvedTime?) -> Bool
  {
    if release == .v8_2 { return row.boolean(Column.ambiguous) ?? false }
    return submitted.isAmbiguous || completed?.isAmbiguous == true
  }

  private func appendText(
    _ row: borrowing RowView, _ index: Int, _ field: StaticString, to block: inout RowBlock, _ id: UniqueID,
    _ outputs: OutputRows
  ) {
    if row.isNull(index) {
      // Old rows without a class or host have no text there; 8.2 keeps the difference.
      block.appendNull()
      return
    }
    writer.append(
      row.text(index), to: &block, field, of: id, outputs, originals: RequestTransform.originals)
  }

  /// Object ids are texts up to 7.6. One that is no UUID cannot stand in its column: its bytes are kept aside.
  private func appendGuid(_ row: borrowing RowView, to block: inout RowBlock, _ id: UniqueID, _ outputs: OutputRows)
  {
    if row.isNull(Column.guid) {
      block.appendNull()
    } else if !release.termsAreCodes {
      block.append(field: Column.guid, of: row)
    } else if let guid = UniqueID(utf8: row.text(Column.guid)) {
      block.append(guid)
      keepUnusualSpelling(row.text(Column.guid), id, outputs)
    } else {
      block.appendNull()
      writer.keepOriginal(
        row.text(Column.guid), "object_guid", of: id, ordinal: 0, outputs, originals: RequestTransform.originals)
    }
  }

  /// A UUID is stored as a number; upper-case digits would come out as lower-case ones.
  private func keepUnusualSpelling(_ text: Span<UInt8>, _ id: UniqueID, _ outputs: OutputRows) {
    for index in text.indices where text[index] >= UInt8(ascii: "A") && text[index] <= UInt8(ascii: "F") {
      writer.keepOriginal(
        text, "object_guid", of: id, ordinal: 0, outputs, originals: RequestTransform.originals)
      return
    }
  }

  private func appendReason(
    _ row: borrowing RowView, _ reason: PackedFields.Field?, to block: inout RowBlock, _ id: UniqueID,
    _ outputs: OutputRows
  ) {
    if !release.changesArePacked {
      appendText(row, Column.text, "reason", to: &block, id, outputs)
    } else if let reason {
      writer.append(
        packed: reason, of: row.text(Column.text), to: &block, "reason", of: id, outputs,
        originals: RequestTransform.originals)
    } else {
      block.appendNull()
    }
  }

  private func appendSourceKey(_ row: borrowing RowView, to block: inout RowBlock) {
    if let key = row.integer(Column.key) {
      writer.append(key: key, to: &block)
    } else if let key = row.uuid(Column.key) {
      writer.append(key: key, to: &block)
    }
  }

  // MARK: Packed children

  private func addChildren(
    _ text: Span<UInt8>, _ id: UniqueID, _ outputs: OutputRows, _ reason: inout PackedFields.Field?
  ) throws(RowRejection) {
    var properties: Int64 = 0
    var sections: Int64 = 0
    for item in packed.items {
      switch item.letter {
      case UInt8(ascii: "C"):
        addProperty(item, text, id, properties, outputs)
        properties += 1
      case UInt8(ascii: "W") where !release.sectionsAreRows:
        addSection(.workflow, item, text, id, sections, outputs)
        sections += 1
      case UInt8(ascii: "P") where !release.sectionsAreRows:
        addSection(.policy, item, text, id, sections, outputs)
        sections += 1
      case UInt8(ascii: "R") where reason == nil:
        reason = item.fields[0]
      default:
        throw RowRejection("packed.misplaced")
      }
    }
  }

  private func addProperty(
    _ item: PackedFields.Item, _ text: Span<UInt8>, _ id: UniqueID, _ ordinal: Int64, _ outputs: OutputRows
  ) {
    outputs.withTable(RequestTransform.properties) { block in
      block.beginRow()
      block.append(id)
      block.append(ordinal)
      add(item.fields[0], text, "property.name", to: &block, id, ordinal, outputs)
      add(item.fields[1], text, "property.old_value", to: &block, id, ordinal, outputs)
      add(item.fields[2], text, "property.new_value", to: &block, id, ordinal, outputs)
      block.append(writer.importID)
      block.endRow()
    }
  }

  private func addSection(
    _ kind: SectionKind, _ item: PackedFields.Item, _ text: Span<UInt8>, _ id: UniqueID, _ ordinal: Int64,
    _ outputs: OutputRows
  ) {
    outputs.withTable(RequestTransform.sections) { block in
      block.beginRow()
      block.append(id)
      block.append(ordinal)
      sectionNames.append(kind, to: &block)
      add(item.fields[0], text, "section.name", to: &block, id, ordinal, outputs)
      add(item.fields[1], text, "section.outcome", to: &block, id, ordinal, outputs)
      add(item.fields[2], text, "section.message", to: &block, id, ordinal, outputs)
      block.append(writer.importID)
      block.endRow()
    }
  }

  private func add(
    _ field: PackedFields.Field, _ text: Span<UInt8>, _ name: StaticString, to block: inout RowBlock,
    _ id: UniqueID,
    _ ordinal: Int64, _ outputs: OutputRows
  ) {
    writer.append(
      packed: field, of: text, to: &block, name, of: id, ordinal: ordinal, outputs,
      originals: RequestTransform.originals)
  }
}
