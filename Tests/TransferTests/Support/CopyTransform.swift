import Database

@testable import Transfer

/// Copies `id` and `body`, and lets a test meddle with single rows.
final class CopyTransform: RowTransform {
  /// What a test does when a row comes by.
  typealias Meddling = @Sendable (_ id: Int64) throws(RowRejection) -> Void

  private let meddling: Meddling?

  init(_ meddling: Meddling?) { self.meddling = meddling }

  func transform(_ row: borrowing RowView, into outputs: OutputRows) throws(RowRejection) -> Bool {
    if let id = row.integer(0) { try meddling?(id) }
    outputs.withTable(0) { block in
      block.beginRow()
      block.append(field: 0, of: row)
      block.append(field: 1, of: row)
      block.endRow()
    }
    return true
  }
}
