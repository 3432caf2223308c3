import Administration
import Base
import Database
import Migration
import TestSupport

/// An import on a platform of its own, with the seconds of each step.
struct TimedImport {
  let summary: RunSummary
  let times: StepTimes

  struct NoSecrets: SecretProvider {
    func secret(for name: String) throws -> SecretBytes? { nil }
  }

  static func run(_ order: ImportOrder) async throws -> TimedImport {
    let folder = try TestFolder(.servers)
    let workplace = Workplace(
      folder: folder.path, clock: SystemClock(), program: "benchmark", secrets: NoSecrets())
    let section = AdministrationSection(
      sources: [HistorySourceSettings(name: "main", kind: .undivided(location: order.source, password: nil))],
      destination: DestinationSettings(configuration: nil, history: order.destination),
      backups: BackupSettings(folder: folder.path + "/backups", key: nil, keep: 1))
    let history = HistoryImport(section, in: workplace)
    let measured: any MigrationPart =
      order.kind == .whole ? history : MeasuredPart(history, source: order.source, isBare: order.kind == .bare)
    let engine = MigrationEngine(parts: [measured], workplace: workplace)
    let part = PartAddress(system: "administration", part: "history")
    let request = PlanRequest(choices: ["mode": [order.mode]])
    let waivers = try await engine.check(part, request).filter { $0.blocks && $0.waivable }.map {
      Waiver(check: $0.check, by: "benchmark", reason: "made-up data", at: workplace.clock.now())
    }
    let (_, hash) = try await engine.plan(part, request, waivers: waivers)
    let times = StepTimes()
    let summary = try await engine.apply(hash, listeners: [times.listen])
    return TimedImport(summary: summary, times: times)
  }
}
