internal import Base
internal import Database
internal import Synchronization

/// One picture of a source that several connections read.
///
/// The connection that exported it keeps it alive; when that one breaks, the picture is gone, and a new one is taken.
/// Rows that came in between are found when the source is caught up with.
final class SharedSnapshot: Sendable {
  private struct Exporter {
    let connection: Connection
    let snapshot: Snapshot
  }

  private let opening: @Sendable () throws -> Connection
  private let exporter = Mutex<Exporter?>(nil)

  init(open: @escaping @Sendable () throws -> Connection) { opening = open }

  /// A connection inside a read-only transaction that sees the shared picture.
  func open() throws -> Connection {
    let connection = try opening()
    try exporter.withLock { exporter in
      if let current = exporter {
        do {
          return try connection.begin(.readOnlySnapshot, sharing: current.snapshot)
        } catch {
          // The exporting session is gone and its picture with it.
          try connection.rollBack()
          exporter = nil
        }
      }
      let fresh = try export()
      try connection.begin(.readOnlySnapshot, sharing: fresh.snapshot)
      exporter = fresh
    }
    return connection
  }

  /// Takes a new picture for those who open from now on.
  func renew() throws {
    try exporter.withLock { exporter in
      exporter = nil
      exporter = try export()
    }
  }

  private func export() throws -> Exporter {
    let connection = try opening()
    try connection.begin(.readOnlySnapshot)
    return Exporter(connection: connection, snapshot: try connection.exportSnapshot())
  }
}
