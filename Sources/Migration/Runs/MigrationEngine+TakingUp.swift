public import Base
public import Cryptography

/// A run whose folder is not here, as the place tells of it that it wrote to.
public struct StrayRun: Sendable {
  public let run: UniqueID
  public let plan: Plan
  public let hash: Digest256
}

extension MigrationEngine {
  /// The run whose id begins with the given digits, where none here does and a destination knows of one. A destination
  /// may have been written to by others, so its plan counts for nothing until somebody accepts it.
  ///
  /// - Returns: nil where no destination knows of it either.
  /// - Throws: ``MigrationError`` `usage` where several runs begin so, `damaged` where the plan cannot be read; what
  ///   keeps a destination from being asked.
  public func strayRun(_ prefix: String) async throws -> StrayRun? {
    var found: [KeptPlan] = []
    for part in parts {
      found += try await part.keptPlans(in: workplace).filter { $0.run.description.hasPrefix(prefix.lowercased()) }
    }
    guard let kept = found.first else { return nil }
    guard found.count == 1 else {
      throw MigrationError(
        .usage, doing: "find run \(prefix)", reason: "\(found.count) runs begin so",
        advice: "give more digits: " + found.map(\.run.description).joined(separator: ", "))
    }
    let (plan, hash) = try PlanStore.decode(
      Array(kept.text.utf8), at: "what the destination keeps of run \(kept.run)", expecting: nil)
    return StrayRun(run: kept.run, plan: plan, hash: hash)
  }

  /// Makes the folder of a run anew whose plan somebody has accepted. The run then stands as one that was cut off, and
  /// can be resumed or rolled back. Changes nothing in the destination.
  public func takeUp(_ stray: StrayRun) async throws {
    let folder = RunFolder(run: stray.run, in: workplace)
    try Files.createFolder(workplace.runsFolder, withParents: true)
    if try !Files.exists(folder.path) { try Files.createFolder(folder.path) }
    guard let lock = try FileLock.attempt(folder.lock) else {
      throw MigrationError(
        .inUse, doing: "take up run \(stray.run)", reason: "another process does",
        advice: "locktender runs shows it once that is done")
    }
    if try !Files.exists(folder.plan) { try await fill(folder, stray) }
    lock.release()
  }

  private func fill(_ folder: RunFolder, _ stray: StrayRun) async throws {
    let journal = try Journal(path: folder.journal)
    let now = workplace.clock.now()
    if try journal.state() != .failed {
      try journal.advance(.start, at: now)
      try journal.advance(.fail, at: now)
    }
    // How far each got is for its probe to tell.
    for step in stray.plan.steps { try journal.intend(step: step.id, at: now) }
    try journal.note(Journal.takenUpNote, now.description)
    let events = EventSink(run: stray.run, clock: workplace.clock, listeners: [try EventLog.writer(folder)])
    try await part(stray.plan.part).takeUp(
      stray.plan,
      StepContext(
        run: stray.run, folder: folder.path, workplace: workplace, journal: journal, events: events,
        cancellation: CancellationFlag()))
    events.tell(.noted("the run was begun elsewhere, and is taken up by what its destination keeps of it"))
    try PlanStore(workplace).save(stray.plan, hash: stray.hash)
    // Last: a folder without a plan is no run.
    try Files.write(encodeJSON(stray.plan, pretty: true), to: folder.plan)
  }
}

extension Journal {
  static let takenUpNote = "taken-up"

  /// Whether the run was begun with another journal, which is not here.
  public func isTakenUp() throws -> Bool { try note(Journal.takenUpNote) != nil }
}
