import Base
import Database
import Migration
import TestSupport

@testable import Administration

/// A platform in a temporary folder: a lab as the source, and the parts that a test drives.
struct Workbench {
  let folder: TestFolder
  let workplace: Workplace
  let engine: MigrationEngine
  let destination: DatabaseLocation

  struct NoSecrets: SecretProvider {
    func secret(for name: String) throws -> SecretBytes? { nil }
  }

  /// - Parameters:
  ///   - destination: another destination than the file `new.db`.
  init(
    _ release: Release, people: Int = 100, history: Int = 2_000, seed: UInt64 = 1, destination: String? = nil
  ) async throws {
    let folder = try TestFolder(.own)
    let lab = folder.path + "/old"
    _ = try await Lab.create(
      LabOptions(
        folder: lab, release: release, store: .sqlite, people: people, history: history, seed: seed,
        isUndivided: release.mayBeUndivided)
    ) { _ in }
    let old =
      release.mayBeUndivided ? "sqlite:\(lab)/administration.db" : "sqlite:\(lab)/history.db"
    try self.init(folder: folder, sources: ["main": old], destination: destination)
  }

  init(folder: TestFolder, sources: [String: String], destination: String? = nil) throws {
    self.folder = folder
    let new = destination ?? "sqlite:\(folder.path)/new.db"
    self.destination = try DatabaseLocation(new)
    workplace = Workplace(
      folder: folder.path, clock: SystemClock(), program: "locktender test", secrets: NoSecrets())
    let section = AdministrationSection(
      sources: sources.sorted { $0.key < $1.key }.map {
        HistorySourceSettings(name: $0.key, kind: .undivided(location: $0.value, password: nil))
      },
      destination: DestinationSettings(configuration: nil, history: new),
      backups: BackupSettings(folder: folder.path + "/backups", key: nil, keep: 3))
    engine = MigrationEngine(parts: [HistoryImport(section, in: workplace)], workplace: workplace)
  }

  static let part = PartAddress(system: "administration", part: "history")

  /// Plans with the given choices and carries the plan out.
  func importHistory(
    _ choices: [String: [String]] = [:], cancellation: CancellationFlag = CancellationFlag(),
    listeners: [EventSink.Listener] = []
  ) async throws -> RunSummary {
    let (_, hash) = try await engine.plan(Workbench.part, PlanRequest(choices: choices))
    do {
      return try await engine.apply(hash, cancellation: cancellation, listeners: listeners)
    } catch {
      throw Explained(cause: error)
    }
  }

  /// An error that a failing test prints with its whole chain.
  struct Explained: Error, CustomStringConvertible {
    let cause: any Error
    var description: String { explain(cause) }
  }

  func openDestination() throws -> Connection { try Connection.open(destination, options: .readOnly) }

  func count(_ table: String) throws -> Int {
    Int(try openDestination().integer("SELECT count(*) FROM \(identifier: table)") ?? 0)
  }
}
