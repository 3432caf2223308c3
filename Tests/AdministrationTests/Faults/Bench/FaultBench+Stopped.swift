import Base
import Cryptography
import Migration
import Testing

@testable import Administration

extension FaultBench {
  /// A run that was stopped when one of its steps began, with the hash of its plan.
  static func stopped(
    _ route: Route = .sqliteToSQLite, in step: String, _ choices: [String: [String]] = [:]
  ) async throws -> (bench: FaultBench, run: UniqueID, hash: String) {
    let bench = try await FaultBench(route)
    let flag = CancellationFlag()
    let workbench = try bench.workbench()
    let (_, hash) = try await workbench.engine.plan(Workbench.part, PlanRequest(choices: choices))
    let run = UniqueID.random()
    await #expect(throws: MigrationError.self) {
      try await workbench.engine.apply(
        hash, run: run, cancellation: flag,
        listeners: [
          { event in
            if case .stepStarted(let id, _, _, _) = event.kind, id == step { flag.set() }
          }
        ])
    }
    #expect(try workbench.engine.summary(of: run).state == .cancelled)
    return (bench, run, hash.description)
  }
}
