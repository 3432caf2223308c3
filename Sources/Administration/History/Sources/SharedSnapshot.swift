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
    /// Taken to catch up with the source, so that all of it is in once that came to its end.
    let isRenewed: Bool
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
      let fresh = try export(renewed: false)
      try connection.begin(.readOnlySnapshot, sharing: fresh.snapshot)
      exporter = fresh
    }
    return connection
  }

  /// Takes a new picture for those who open from now on.
  func renew() throws {
    try exporter.withLock { exporter in
      exporter = nil
      exporter = try export(renewed: true)
    }
  }

  /// Whether the picture at hand is one that was taken to catch up with the source.
  var isRenewed: Bool { exporter.withLock { $0?.isRenewed == true } }

  private func export(renewed: Bool) throws -> Exporter {
    let connection = try opening()
    try connection.begin(.readOnlySnapshot)
    return Exporter(connection: connection, snapshot: try connection.exportSnapshot(), isRenewed: renewed)
  }
}

/// The pictures of a platform's sources, which all steps of a run and its comparison share within a process: a source
/// that goes on after the last look must not seem to differ.
final class SharedSnapshots: Sendable {
  private let known = Mutex<[String: SharedSnapshot]>([:])

  /// The picture of a source, taken when it is first read.
  func snapshot(of name: String, at location: DatabaseLocation, options: ConnectOptions) -> SharedSnapshot {
    known.withLock { known in
      let key = "\(name) \(location)"
      if let snapshot = known[key] { return snapshot }
      let snapshot = SharedSnapshot { try Connection.open(location, options: options) }
      known[key] = snapshot
      return snapshot
    }
  }
}
