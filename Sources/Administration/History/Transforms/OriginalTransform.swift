internal import Base
internal import Database
internal import Transfer

/// Carries the original bytes that an 8.2 source keeps of texts repaired earlier, with the rows that they belong to;
/// what belongs to no row any more stays behind.
///
/// The state that a held task came with is carried with the task.
final class OriginalTransform: RowTransform {
  /// What the row belongs to decides its new key and whether it comes, so the tables are asked.
  static func scan() -> SourceScan {
    // 0 is a property or section whose request is gone.
    let entity = """
      CASE WHEN c.request_id IS NOT NULL OR s.request_id IS NOT NULL THEN CASE WHEN r.id IS NULL THEN 0 ELSE 1 END
        WHEN o.field LIKE 'property.%' OR o.field LIKE 'section.%' THEN NULL WHEN r.id IS NOT NULL THEN 1
        WHEN a.id IS NOT NULL THEN 2 WHEN m.id IS NOT NULL THEN 3 WHEN d.id IS NOT NULL THEN 4 END
      """
    return SourceScan(
      columns: [
        "o.row_id", "o.ordinal", "o.field", "o.value", "cast(\(entity) AS bigint)",
        "coalesce(a.state, m.state, d.state)",
      ],
      kinds: [.uuid, .integer, .text, .bytes, .integer, .text],
      from: """
        original_value o LEFT JOIN approval_task a ON a.id = o.row_id
        LEFT JOIN temporal_membership_task m ON m.id = o.row_id LEFT JOIN deprovisioning_task d ON d.id = o.row_id
        LEFT JOIN change_request r ON r.id = o.row_id
        LEFT JOIN property_change c
          ON o.field LIKE 'property.%' AND c.request_id = o.row_id AND c.ordinal = o.ordinal
        LEFT JOIN request_section s
          ON o.field LIKE 'section.%' AND s.request_id = o.row_id AND s.ordinal = o.ordinal
        """,
      keyExpression: "o.row_id", keyKind: .uuid, keyIsUnique: false, order: ["o.row_id", "o.field", "o.ordinal"],
      condition: "o.field <> 'state'")
  }

  private let states = TermMap<TaskState>(.v8_2)
  private let scope: TaskScope
  private var writer: RowComposer

  init(_ writer: consuming RowComposer, _ scope: TaskScope) {
    self.writer = writer
    self.scope = scope
  }

  func transform(_ row: borrowing RowView, into outputs: OutputRows) throws(RowRejection) -> Bool {
    guard let source = row.uuid(0), let ordinal = row.integer(1) else { throw RowRejection("key.missing") }
    guard let owner = row.integer(4) else { return false }
    let entity = RowIdentity.Entity(rawValue: UInt8(owner))
    switch entity {
    case .approvalTask, .temporalMembershipTask, .deprovisioningTask:
      guard scope.brings(source, try states.term(row, 5, "state")) else { return false }
    case .request:
      let time = Timestamp(microseconds: source.milliseconds * 1000)
      guard writer.range.contains(time), !writer.isIn(source) else { return false }
    case nil:
      // As its property or section, it comes with an import of all times, and with no other.
      guard writer.range.isAll else { return false }
    }
    let id = writer.identity.key(entity ?? .request, source)
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
