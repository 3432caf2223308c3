import Base
import Database
import TestSupport
import Transfer

@testable import Administration

/// A source and the destination of its import, both on one engine, filled from a sample.
final class SampleDatabases: Sendable {
  static let importID: Int64 = 7

  let release: Release
  let history: SampleHistory
  let engine: Engine
  private let source: DatabaseLocation
  private let target: DatabaseLocation
  /// Keeps the files.
  private let folder: TestSupport.TestFolder

  /// - Parameter imported: what the destination shall hold, where that is not the whole sample.
  init(
    _ release: Release, _ history: SampleHistory, imported: SampleHistory? = nil, on engine: Engine = .sqlite
  ) throws {
    self.release = release
    self.history = history
    self.engine = engine
    folder = try TestSupport.TestFolder()
    if engine == .postgresql {
      (source, target) = (try SampleDatabases.postgres(), try SampleDatabases.postgres())
    } else {
      (source, target) = (.sqlite(path: folder / "source.db"), .sqlite(path: folder / "target.db"))
    }
    let sourceConnection = try Connection.open(source, options: .create)
    if release >= .v8_1 {
      try DividedTarget(release, history, .source).write(to: sourceConnection)
    } else {
      try PackedSource(release: release, history: history).write(to: sourceConnection)
    }
    let purpose = DividedTarget.Purpose.destination(SampleDatabases.importID, from: release)
    try DividedTarget(.v8_2, imported ?? history, of: history, purpose).write(to: try openTarget())
  }

  private static func postgres() throws -> DatabaseLocation {
    let server = try PrivatePostgres.shared()
    return DatabaseLocation(
      .postgresql(
        PostgresAddress(
          host: server.host, port: Int(server.port), user: PrivatePostgres.user,
          database: try server.createDatabase())))
  }

  func openSource() throws -> Connection { try Connection.open(source, options: .readWrite) }

  func openTarget() throws -> Connection { try Connection.open(target, options: .create) }

  /// Changes the destination behind the import's back.
  func tamper(_ script: String) throws { try openTarget().execute(unsafeScript: script) }

  func comparison(
    range: HistoryRange = .all, takesUnfinishedTasks: Bool = true, takesOrphans: Bool = true,
    rejected: RejectedRows = RejectedRows(), skippedTasks: Set<Key> = []
  ) -> HistoryComparison {
    HistoryComparison(
      source: "main", release: release,
      openSource: { [source] in try Connection.open(source, options: .readOnly) },
      openDestination: { [target] in try Connection.open(target, options: .readOnly) },
      importID: SampleDatabases.importID, range: range, takesUnfinishedTasks: takesUnfinishedTasks,
      takesOrphans: takesOrphans, rejected: rejected, skippedTasks: SkippedTasks(used: skippedTasks))
  }

  /// The key of a request or task in the source.
  func key(_ letter: String, _ number: Int64) -> Key {
    guard release >= .v8_1 else { return .integer(number) }
    let time: Timestamp
    if letter == "r" {
      time = history.request(number)!.submitted.imported(from: release).instant
    } else {
      let task = history.tasks.first { $0.key == number }!
      time =
        task.due?.imported(from: release).instant
        ?? history.request(task.request)?.submitted.imported(from: release).instant ?? Timestamp(microseconds: 0)
    }
    return .uuid(DividedTarget.sourceKey(letter, number, time, release))
  }
}
