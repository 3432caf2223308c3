internal import Base
internal import Cryptography

/// A run that this process works on: its lock is held until the session ends.
final class RunSession: Sendable {
  let run: UniqueID
  let plan: Plan
  let hash: Digest256
  let folder: RunFolder
  let context: StepContext
  private let lock: FileLock

  private init(
    _ run: UniqueID, plan: Plan, hash: Digest256, folder: RunFolder, lock: consuming FileLock, context: StepContext
  ) {
    self.run = run
    self.plan = plan
    self.hash = hash
    self.folder = folder
    self.lock = lock
    self.context = context
  }

  /// Makes the folder of a new run. The plan is copied into it: what the run does is decided for good.
  ///
  /// - Parameter start: when it shall begin. It stands in the journal before there is a run that could be resumed.
  static func create(
    _ run: UniqueID, plan: Plan, startingAt start: Timestamp? = nil, in workplace: Workplace,
    _ cancellation: CancellationFlag, _ listeners: [EventSink.Listener]
  ) throws -> RunSession {
    let folder = RunFolder(run: run, in: workplace)
    try Files.createFolder(workplace.runsFolder, withParents: true)
    try Files.createFolder(folder.path)
    if let start { try Journal(path: folder.journal).setStartTime(start) }
    try Files.write(encodeJSON(plan, pretty: true), to: folder.plan)
    return try open(run, isNew: true, in: workplace, cancellation, listeners)
  }

  /// - Throws: ``MigrationError`` `inUse` where another process works on the run.
  static func open(
    _ run: UniqueID, isNew: Bool = false, in workplace: Workplace, _ cancellation: CancellationFlag,
    _ listeners: [EventSink.Listener]
  ) throws -> RunSession {
    let folder = RunFolder(run: run, in: workplace)
    guard try Files.exists(folder.plan) else {
      throw MigrationError(
        .notFound, doing: "open run \(run)", reason: "there is none", advice: "locktender runs lists them")
    }
    guard let lock = try FileLock.attempt(folder.lock) else {
      throw MigrationError(
        .inUse, doing: "open run \(run)", reason: "another process works on it",
        advice: "locktender watch \(run) shows it, locktender cancel \(run) stops it")
    }
    // What an earlier process was asked is past; a new run's request was made since its lock could be seen.
    if !isNew, try Files.exists(folder.cancelRequest) { try Files.remove(folder.cancelRequest) }
    let (plan, hash) = try PlanStore.read(folder.plan, expecting: nil)
    let journal = try Journal(path: folder.journal)
    try requireAccepted(hash, journal, folder, in: workplace)
    let events = EventSink(run: run, clock: workplace.clock, listeners: [try EventLog.writer(folder)] + listeners)
    let context = StepContext(
      run: run, folder: folder.path, workplace: workplace, journal: journal,
      events: events, cancellation: cancellation)
    return RunSession(run, plan: plan, hash: hash, folder: folder, lock: lock, context: context)
  }

  /// Keeps the hash of the plan that was accepted, and refuses to go on with another one.
  private static func requireAccepted(
    _ hash: Digest256, _ journal: Journal, _ folder: RunFolder, in workplace: Workplace
  ) throws {
    guard let accepted = try journal.note("plan.hash") else {
      return try journal.note("plan.hash", hash.description)
    }
    guard accepted == hash.description else {
      throw MigrationError(
        .damaged, doing: "read the run's plan", reason: "\(folder.plan) is not the plan that was accepted",
        advice: "cp \(workplace.plansFolder)/\(accepted).json \(folder.plan), then: locktender resume \(folder.run)"
      )
    }
  }
}
