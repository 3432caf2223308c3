internal import Base
internal import Cryptography

/// The runs of a platform as their folders show them, whether or not a process works on them.
struct RunStore {
  private let workplace: Workplace

  init(_ workplace: Workplace) { self.workplace = workplace }

  func all() throws -> [UniqueID] {
    guard try Files.exists(workplace.runsFolder) else { return [] }
    // A folder without a plan is what a process leaves that was killed while it made the folder: no run began.
    return try Files.list(workplace.runsFolder).compactMap { UniqueID($0) }.filter {
      try Files.exists(RunFolder(run: $0, in: workplace).plan)
    }
  }

  func find(_ prefix: String?) throws -> UniqueID {
    guard let prefix else {
      guard let newest = try summaries().first else {
        throw MigrationError(
          .notFound, doing: "find the run", reason: "there is none yet",
          advice: "locktender apply --plan HASH begins one")
      }
      return newest.run
    }
    let matches = try all().filter { $0.description.hasPrefix(prefix.lowercased()) }
    guard let run = matches.first, matches.count == 1 else {
      throw MigrationError(
        .notFound, doing: "find run \(prefix)",
        reason: matches.isEmpty ? "there is none" : "\(matches.count) runs begin so",
        advice: matches.isEmpty
          ? "locktender runs lists those of this platform file; locktender resume RUN, or rollback RUN, also finds one by "
            + "its id that was begun elsewhere"
          : "locktender runs lists them")
    }
    return run
  }

  func summaries() throws -> [RunSummary] {
    try all().map(summaryOrDamage(of:)).sorted { left, right in
      (left.startedAt?.microseconds ?? .max, left.run) > (right.startedAt?.microseconds ?? .max, right.run)
    }
  }

  /// One damaged run must not hide the others from a list: it stands there with what is wrong with it.
  private func summaryOrDamage(of run: UniqueID) throws -> RunSummary {
    do {
      return try summary(of: run)
    } catch let error as MigrationError where error.code == .damaged {
      let folder = RunFolder(run: run, in: workplace)
      // Where the plan is the damaged file, what the run worked on is not known.
      let plan = try? PlanStore.read(folder.plan, expecting: nil)
      return RunSummary(
        run: run, part: plan?.plan.part ?? PartAddress(system: "unknown"),
        plan: plan?.hash.description ?? "unknown",
        state: .failed, active: try isActive(folder), startedAt: Timestamp(microseconds: 0), changedAt: nil,
        progress: nil, failure: explain(error), advice: advice(for: error), verified: nil, folder: folder.path)
    }
  }

  func summary(of run: UniqueID) throws -> RunSummary {
    let folder = RunFolder(run: run, in: workplace)
    guard try Files.exists(folder.plan) else {
      throw MigrationError(
        .notFound, doing: "find run \(run)", reason: "it has no plan",
        advice: "locktender runs lists the runs")
    }
    let (plan, hash) = try PlanStore.read(folder.plan, expecting: nil)
    let journal = try Journal(path: folder.journal)
    let transitions = try journal.transitions()
    let state = transitions.last?.to ?? .planned
    let active = try isActive(folder)
    let works = active && state.isAtWork
    let stood = !works && RunStore.mayHaveFailed(in: state, after: transitions.last?.from)
    let events = try EventLog.last(folder, stood ? .failure : works ? .progress : .nothing)
    // What was compared is gone once it is taken back.
    let verification = state == .rolledBack ? nil : try RunStore.verification(folder)
    return RunSummary(
      run: run, part: plan.part, plan: hash.description, state: state, active: active,
      startedAt: transitions.first?.at, changedAt: transitions.last?.at,
      startsAt: state == .waiting || state == .planned ? try journal.startTime() : nil,
      progress: works ? events.progress : nil, rows: state == .rolledBack ? nil : try journal.rowsBrought(),
      failure: stood ? events.failure : nil, advice: stood ? events.advice : nil, verified: verification?.agrees,
      rejected: verification?.rejected ?? 0, folder: folder.path)
  }

  /// Whether it may be an error that a run stands still for.
  private static func mayHaveFailed(in state: RunState, after earlier: RunState?) -> Bool {
    switch state {
    case .failed, .blocked, .differing, .rollingBack, .finalizing: true
    // A comparison that failed leaves the run where it was.
    case .applied: earlier == .verifying
    default: false
    }
  }

  /// Whether a process holds the run's lock.
  func isActive(_ folder: RunFolder) throws -> Bool { try FileLock.isHeld(folder.lock) }

  func requestCancel(_ run: UniqueID) throws {
    let folder = RunFolder(run: run, in: workplace)
    let summary = try summary(of: run)
    // A comparison stops, too, and leaves the run where it was.
    guard summary.state.next(.cancel) != nil || (summary.state == .verifying && summary.active) else {
      throw MigrationError(
        .wrongState, doing: "cancel the run", reason: "the run is \(summary.state.title)",
        advice: summary.nextCommands().first.map { "\($0.command) \($0.why)" })
    }
    if summary.active {
      try Files.write("cancel\n", to: folder.cancelRequest)
      return
    }
    // Nobody works on it: it stopped long ago without saying so.
    let journal = try Journal(path: folder.journal)
    let now = workplace.clock.now()
    try journal.advance(.cancel, at: now)
    if try journal.state() == .cancelling { try journal.advance(.stopped, at: now) }
  }

  static func verification(_ folder: RunFolder) throws -> Verification? {
    guard try Files.exists(folder.verification) else { return nil }
    return try decodeJSON(Verification.self, from: Files.read(folder.verification, limit: PlanStore.sizeLimit))
  }
}
