internal import Base
internal import Database
internal import Transfer

/// Carries the changed properties of 8.1 and 8.2, which stand in rows already.
final class PropertyTransform: RowTransform {
  static let outputs = [HistoryTables.property, HistoryTables.original]

  static func scan(condition: String?) -> SourceScan {
    SourceScan(
      columns: ["request_id", "ordinal", "name", "old_value", "new_value"],
      kinds: [.uuid, .integer, .text, .text, .text], from: "property_change", keyExpression: "request_id",
      keyKind: .uuid, keyIsUnique: false, order: ["request_id", "ordinal"], condition: condition)
  }

  private var writer: RowComposer
  private var parents = ParentKeys()

  init(_ writer: consuming RowComposer) { self.writer = writer }

  func transform(_ row: borrowing RowView, into outputs: OutputRows) throws(RowRejection) -> Bool {
    try PropertyTransform.transform(row, into: outputs, &writer, &parents)
  }

  // Most rows of a history are properties: what the class keeps is lent once for a row, not once for each field.
  private static func transform(
    _ row: borrowing RowView, into outputs: OutputRows, _ writer: inout RowComposer, _ parents: inout ParentKeys
  ) throws(RowRejection) -> Bool {
    guard let source = row.uuid(0), let ordinal = row.integer(1) else { throw RowRejection("key.missing") }
    guard writer.range.contains(Timestamp(microseconds: source.milliseconds * 1000)), !writer.isIn(source) else {
      return false
    }
    let id = parents.key(of: source, &writer.identity)
    outputs.withTable(0) { block in
      block.beginRow()
      block.append(id)
      block.append(ordinal)
      writer.append(
        field: 2, of: row, to: &block, "property.name", of: id, ordinal: ordinal, outputs, originals: 1)
      writer.append(
        field: 3, of: row, to: &block, "property.old_value", of: id, ordinal: ordinal, outputs, originals: 1)
      writer.append(
        field: 4, of: row, to: &block, "property.new_value", of: id, ordinal: ordinal, outputs, originals: 1)
      block.append(writer.importID)
      block.endRow()
    }
    return true
  }
}

/// The key of the request that a child belongs to. Children of one request follow each other, so the last is kept.
struct ParentKeys {
  private var source: UniqueID?
  private var key = UniqueID(high: 0, low: 0)

  mutating func key(of source: UniqueID, _ identity: inout RowIdentity) -> UniqueID {
    if source != self.source {
      key = identity.key(.request, source)
      self.source = source
    }
    return key
  }
}
