internal import Base
internal import Database
internal import Migration
internal import Transfer

/// Reads both sides of an import again and compares them.
struct HistoryVerifier: Sendable {
  let plan: HistoryPlan
  let sources: [any HistorySource]
  let destination: HistoryDestination
  let context: StepContext

  func verify() async throws -> Verification {
    let clock = context.workplace.clock
    let started = clock.now()
    var verification = Verification(lines: [], invariants: [], seconds: 0)
    for (source, planned) in zip(sources, plan.sources) {
      let request = ComparisonRequest(
        plan: planned, importID: try PrepareStep.importID(of: planned.name, context),
        openDestination: { try destination.openReadOnly() }, context: context)
      let comparisons = try source.comparisons(request)
      for comparison in comparisons {
        try context.cancellation.check()
        context.events.tell(.progress(Progress(step: "verify", current: comparison.subject)))
        verification.lines.append(try await comparison.run())
      }
    }
    verification.seconds = clock.now().seconds(since: started)
    return verification
  }
}
