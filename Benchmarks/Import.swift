import Administration
import Base
import Database
import Migration
import TestSupport

/// An import on a platform of its own, with the seconds of each step.
struct TimedImport {
  let folder: TestFolder
  let summary: RunSummary
  let stepSeconds: [String: Double]
  let verifySeconds: Double

  struct NoSecrets: SecretProvider {
    func secret(for name: String) throws -> SecretBytes? { nil }
  }

  /// The steps in which rows, keys and indexes are written.
  var carrySeconds: Double {
    ["tasks", "history", "keys"].reduce(0) { $0 + (stepSeconds[$1] ?? 0) }
  }

  static func run(
    from source: String, to destination: String, _ choices: [String: [String]] = [:]
  ) async throws -> TimedImport {
    let folder = try TestFolder(.servers)
    let workplace = Workplace(
      folder: folder.path, clock: SystemClock(), program: "benchmark", secrets: NoSecrets())
    let section = AdministrationSection(
      sources: [HistorySourceSettings(name: "main", kind: .undivided(location: source, password: nil))],
      destination: DestinationSettings(configuration: nil, history: destination),
      backups: BackupSettings(folder: folder.path + "/backups", key: nil, keep: 1))
    let engine = MigrationEngine(parts: [HistoryImport(section, in: workplace)], workplace: workplace)
    let part = PartAddress(system: "administration", part: "history")
    let request = PlanRequest(choices: choices)
    let waivers = try await engine.check(part, request).filter { $0.blocks && $0.waivable }.map {
      Waiver(check: $0.check, by: "benchmark", reason: "made-up data", at: workplace.clock.now())
    }
    let (_, hash) = try await engine.plan(part, request, waivers: waivers)
    let times = StepTimes()
    let summary = try await engine.apply(hash, listeners: [times.listen])
    return TimedImport(
      folder: folder, summary: summary, stepSeconds: times.seconds, verifySeconds: times.verifySeconds)
  }
}
