internal import Base
internal import Database
internal import Transfer

/// Carries the workflow and policy sections of 7.6 and later, which stand in rows of their own.
final class SectionTransform: RowTransform {
  static let outputs = [HistoryTables.section, HistoryTables.original]

  static func scan(_ release: Release, condition: String?) -> SourceScan {
    let own = ["s.request_id", "s.ordinal", "s.kind", "s.name", "s.outcome", "s.message"]
    let ownKinds: [ColumnKind] = [.integer, .text, .text, .text, .text]
    guard release.keysAreIntegers else {
      return SourceScan(
        columns: own, kinds: [.uuid] + ownKinds, from: "request_section s", keyExpression: "s.request_id",
        keyKind: .uuid, keyIsUnique: false, order: ["s.request_id", "s.ordinal"], condition: condition)
    }
    // The key of 8.2 holds the request's time, which an integer key does not tell.
    let table = release == .v7_6 ? "change_history_section" : "request_section"
    let parent = release == .v7_6 ? "change_history" : "change_request"
    let times =
      release.timesAreLocal
      ? ["p.submitted", "p.submitted_fold", "p.zone"] : ["p.submitted_at", "p.submitted_offset", "p.zone"]
    return SourceScan(
      columns: ["s.id"] + own + times,
      kinds: [.integer, .integer] + ownKinds + [release.timesAreLocal ? .text : .timestamp, .integer, .text],
      from: "\(table) s LEFT JOIN \(parent) p ON p.id = s.request_id", keyExpression: "s.id", keyKind: .integer,
      condition: condition)
  }

  private let release: Release
  private let kinds: TermMap<SectionKind>
  private let kindNames = TermNames<SectionKind>()
  private var writer: RowComposer
  private var parents = ParentKeys()

  init(_ release: Release, _ writer: consuming RowComposer) {
    self.release = release
    self.writer = writer
    kinds = TermMap(release)
  }

  func transform(_ row: borrowing RowView, into outputs: OutputRows) throws(RowRejection) -> Bool {
    let shift = release.keysAreIntegers ? 1 : 0
    guard let ordinal = row.integer(1 + shift) else { throw RowRejection("key.missing", column: "ordinal") }
    guard let id = try parent(row) else { return false }
    let kind = try kind(row, 2 + shift)
    outputs.withTable(0) { block in
      block.beginRow()
      block.append(id)
      block.append(ordinal)
      kindNames.append(kind, to: &block)
      writer.append(
        field: 3 + shift, of: row, to: &block, "section.name", of: id, ordinal: ordinal, outputs, originals: 1)
      writer.append(
        field: 4 + shift, of: row, to: &block, "section.outcome", of: id, ordinal: ordinal, outputs, originals: 1)
      writer.append(
        field: 5 + shift, of: row, to: &block, "section.message", of: id, ordinal: ordinal, outputs, originals: 1)
      block.append(writer.importID)
      block.endRow()
    }
    return true
  }

  /// The request's key in the destination; nil where the request's time is not asked for. A section whose request
  /// is gone keeps a key of its own that no request has, with time zero.
  private func parent(_ row: borrowing RowView) throws(RowRejection) -> UniqueID? {
    if !release.keysAreIntegers {
      guard let source = row.uuid(0) else { throw RowRejection("key.missing", column: "request_id") }
      guard writer.range.contains(Timestamp(microseconds: source.milliseconds * 1000)), !writer.isIn(source) else {
        return nil
      }
      return parents.key(of: source, &writer.identity)
    }
    guard let source = row.integer(1) else { throw RowRejection("key.missing", column: "request_id") }
    guard let submitted = try writer.parentTime(row, 7, release) else {
      return writer.range.isAll ? writer.identity.key(.request, source, at: 0) : nil
    }
    guard writer.range.contains(submitted), !writer.isIn(source) else { return nil }
    return writer.identity.key(.request, source, at: submitted.milliseconds)
  }

  /// 7.6 writes the letters W and P as text, later releases the names.
  private func kind(_ row: borrowing RowView, _ index: Int) throws(RowRejection) -> SectionKind {
    guard release.termsAreCodes else { return try kinds.term(row, index, "kind") }
    let text = row.text(index)
    guard text.count == 1, let kind = SectionKind.term(code: Int64(text[0])) else {
      throw RowRejection("kind.unknown", column: "kind")
    }
    return kind
  }
}

extension RowComposer {
  /// The time of a row's request, joined at the given columns (time, fold or offset, zone); nil where the request is
  /// not there.
  mutating func parentTime(
    _ row: borrowing RowView, _ index: Int, _ release: Release
  ) throws(RowRejection) -> Timestamp? {
    if row.isNull(index) { return nil }
    if release.timesAreLocal {
      let second: Bool? = release.timesHaveFold ? row.integer(index + 1).map { $0 != 0 } ?? false : nil
      return try zones.instant(row.text(index), zone: row.text(index + 2), secondReading: second).instant
    }
    return row.timestamp(index)
  }
}
