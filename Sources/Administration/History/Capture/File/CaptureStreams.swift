internal import Base
internal import Database
internal import Migration
internal import Transfer

/// The one stream of a captured log.
struct CaptureStreams: Sendable {
  let source: String
  let identity: UniqueID
  let importID: Int64
  let range: HistoryRange
  let destination: Engine
  let earlierRequests: EarlierRequests
  /// The capture's file.
  let path: String

  /// A log has no tasks: nothing in it waits for anybody.
  func all() -> SourceStreams {
    SourceStreams(tasks: [], history: [records()])
  }

  private func records() -> TransferStream {
    TransferStream(
      name: "\(source)/records", scan: CaptureFile.scan, outputs: CaptureTransform.outputs,
      openSource: { [path] in try CaptureFile.openForReading(path) },
      makeTransform: {
        CaptureTransform(RowComposer(source: identity, importID: importID, range: range, earlier: earlierRequests))
      },
      removal: { keys in
        HistoryRemoval(importID: importID, keys: keys, keyKind: .uuid, engine: destination)
          .requests(withProperties: true, withSections: true)
      })
  }
}
