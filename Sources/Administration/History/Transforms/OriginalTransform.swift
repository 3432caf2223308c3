internal import Base
internal import Database
internal import Transfer

/// Carries the original bytes that an 8.2 source keeps of texts repaired earlier.
final class OriginalTransform: RowTransform {
  /// What the row belongs to decides its new key, so the tables are asked.
  static func scan() -> SourceScan {
    let entity = """
      CASE WHEN EXISTS (SELECT 1 FROM approval_task a WHERE a.id = o.row_id) THEN 2
        WHEN EXISTS (SELECT 1 FROM temporal_membership_task m WHERE m.id = o.row_id) THEN 3
        WHEN EXISTS (SELECT 1 FROM deprovisioning_task d WHERE d.id = o.row_id) THEN 4 ELSE 1 END
      """
    return SourceScan(
      columns: ["o.row_id", "o.ordinal", "o.field", "o.value", "cast(\(entity) AS bigint)"],
      kinds: [.uuid, .integer, .text, .bytes, .integer], from: "original_value o", keyExpression: "o.row_id",
      keyKind: .uuid, keyIsUnique: false, order: ["o.row_id", "o.field", "o.ordinal"])
  }

  private var writer: RowComposer

  init(_ writer: consuming RowComposer) { self.writer = writer }

  func transform(_ row: borrowing RowView, into outputs: OutputRows) throws(RowRejection) -> Bool {
    guard let source = row.uuid(0), let ordinal = row.integer(1),
      let entity = row.integer(4).flatMap({ RowIdentity.Entity(rawValue: UInt8($0)) })
    else { throw RowRejection("key.missing") }
    // Tasks that were left out by time leave their original behind; such rows are few, and harmless.
    if entity == .request {
      let time = Timestamp(microseconds: source.milliseconds * 1000)
      guard writer.range.contains(time), !writer.isIn(source) else { return false }
    }
    let id = writer.identity.key(entity, source)
    outputs.withTable(0) { block in
      block.beginRow()
      block.append(id)
      block.append(ordinal)
      block.append(field: 2, of: row)
      block.append(field: 3, of: row)
      block.append(writer.importID)
      block.endRow()
    }
    return true
  }
}
