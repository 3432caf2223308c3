internal import Base
internal import Database
internal import Transfer

/// Turns a captured record into its rows of 8.2: the request, its changed properties, and its sections.
final class CaptureTransform: RowTransform {
  private typealias Column = CaptureFile.Column

  static let outputs = [
    HistoryTables.request, HistoryTables.original, HistoryTables.property, HistoryTables.section,
  ]
  private static let requests = 0
  private static let originals = 1
  private static let properties = 2
  private static let sections = 3

  private let operationNames = TermNames<Operation>()
  private let stateNames = TermNames<RequestState>()
  private let sectionNames = TermNames<SectionKind>()
  private var writer: RowComposer

  init(_ writer: consuming RowComposer) { self.writer = writer }

  func transform(_ row: borrowing RowView, into outputs: OutputRows) throws(RowRejection) -> Bool {
    guard let sourceKey = row.uuid(Column.key), let at = row.timestamp(Column.at),
      let operation = Operation(rawValue: UInt8(row.integer(Column.operation) ?? 0)),
      var state = RequestState(rawValue: UInt8(row.integer(Column.state) ?? 0))
    else { throw RowRejection("capture.unreadable") }
    guard writer.range.contains(at), !writer.isIn(sourceKey) else { return false }
    if let fault = row.string(Column.fault) {
      throw RowRejection(fault, column: LogPlace.text(row.integer(Column.place) ?? 0))
    }
    let isRolledBack = row.boolean(Column.rolledBack) ?? false
    if isRolledBack { state = .failed }
    let offset = (row.integer(Column.offset) ?? 0) * 60
    let id = writer.identity.key(.request, sourceKey)
    outputs.withTable(CaptureTransform.requests) { block in
      block.beginRow()
      block.append(id)
      operationNames.append(operation, to: &block)
      block.append(field: Column.objectID, of: row)
      append(row, Column.objectName, "object_dn", to: &block, id, outputs)
      append(row, Column.objectClass, "object_class", to: &block, id, outputs)
      append(row, Column.initiator, "initiator", to: &block, id, outputs)
      append(row, Column.account, "account_used", to: &block, id, outputs)
      append(row, Column.host, "host", to: &block, id, outputs)
      block.append(at)
      block.append(offset)
      if let completed = row.timestamp(Column.completed) {
        block.append(completed)
        block.append(offset)
      } else {
        block.appendNull()
        block.appendNull()
      }
      block.append(ZoneText.of(minutes: Int(offset / 60)))
      block.append(false)
      stateNames.append(state, to: &block)
      block.appendNull()
      block.append(writer.importID)
      block.append(sourceKey.description)
      block.endRow()
    }
    addItems(row.text(Column.items), id, isRolledBack, outputs)
    return true
  }

  private func append(
    _ row: borrowing RowView, _ index: Int, _ field: StaticString, to block: inout RowBlock, _ id: UniqueID,
    _ outputs: OutputRows
  ) {
    writer.append(
      row.text(index), to: &block, field, of: id, outputs, originals: CaptureTransform.originals)
  }

  private func addItems(_ bytes: Span<UInt8>, _ id: UniqueID, _ isRolledBack: Bool, _ outputs: OutputRows) {
    var items = RecordItems(bytes)
    var properties: Int64 = 0
    var sections: Int64 = 0
    while items.next() {
      switch items.kind {
      case .property:
        addProperty(items, id, properties, outputs)
        properties += 1
      case .section:
        addSection(items, id, sections, outputs)
        sections += 1
      }
    }
    if isRolledBack { addRollback(id, sections, outputs) }
  }

  private func addProperty(
    _ item: borrowing RecordItems, _ id: UniqueID, _ ordinal: Int64, _ outputs: OutputRows
  ) {
    outputs.withTable(CaptureTransform.properties) { block in
      block.beginRow()
      block.append(id)
      block.append(ordinal)
      append(item, 0, "property.name", to: &block, id, ordinal, outputs)
      append(item, 1, "property.old_value", to: &block, id, ordinal, outputs)
      append(item, 2, "property.new_value", to: &block, id, ordinal, outputs)
      block.append(writer.importID)
      block.endRow()
    }
  }

  private func addSection(
    _ item: borrowing RecordItems, _ id: UniqueID, _ ordinal: Int64, _ outputs: OutputRows
  ) {
    outputs.withTable(CaptureTransform.sections) { block in
      block.beginRow()
      block.append(id)
      block.append(ordinal)
      sectionNames.append(.workflow, to: &block)
      append(item, 0, "section.name", to: &block, id, ordinal, outputs)
      append(item, 1, "section.outcome", to: &block, id, ordinal, outputs)
      append(item, 2, "section.message", to: &block, id, ordinal, outputs)
      block.append(writer.importID)
      block.endRow()
    }
  }

  private func addRollback(_ id: UniqueID, _ ordinal: Int64, _ outputs: OutputRows) {
    outputs.withTable(CaptureTransform.sections) { block in
      block.beginRow()
      block.append(id)
      block.append(ordinal)
      sectionNames.append(.workflow, to: &block)
      block.append("result")
      block.append("rolled back")
      block.appendNull()
      block.append(writer.importID)
      block.endRow()
    }
  }

  private func append(
    _ item: borrowing RecordItems, _ field: Int, _ name: StaticString, to block: inout RowBlock, _ id: UniqueID,
    _ ordinal: Int64, _ outputs: OutputRows
  ) {
    if item.isAbsent(field) {
      block.appendNull()
    } else {
      writer.append(
        item.field(field), to: &block, name, of: id, ordinal: ordinal, outputs,
        originals: CaptureTransform.originals)
    }
  }
}

/// How 8.2 names the zone of a log that knows offsets only.
enum ZoneText {
  static func of(minutes: Int) -> String {
    if minutes == 0 { return "UTC" }
    func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
    let size = abs(minutes)
    return "UTC\(minutes < 0 ? "-" : "+")\(two(size / 60)):\(two(size % 60))"
  }
}
