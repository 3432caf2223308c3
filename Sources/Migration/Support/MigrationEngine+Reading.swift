public import Base

extension MigrationEngine {
  /// Packs a run for somebody who helps: plan, report, journal, events and output, without secrets and without
  /// anything about people.
  ///
  /// - Parameters:
  ///   - path: where to write the `.tar.gz`; nil takes the run's folder. What stands there is replaced.
  ///   - withNames: leaves the host names of the plan readable.
  /// - Returns: the path.
  @discardableResult
  public func supportBundle(_ run: UniqueID, to path: String? = nil, withNames: Bool = false) throws -> String {
    let folder = try existing(run)
    let target = path ?? "\(folder.path)/support-\(run.description.prefix(8)).tar.gz"
    var bundle = try SupportBundle(folder, in: workplace, withNames: withNames)
    try bundle.write(to: target)
    return target
  }

  /// The plan that a run carries out.
  public func plan(of run: UniqueID) throws -> Plan { try PlanStore.read(existing(run).plan, expecting: nil).plan }

  /// What the newest run that has written, else the newest plan, says is at an input's place.
  ///
  /// - Parameters:
  ///   - input: its name: `source main`, `destination`.
  ///   - location: as plans name it.
  /// - Returns: nil where none names that place, or knew of nothing there.
  public func rememberedIdentity(of input: String, at location: String) throws -> UniqueID? {
    func named(by plan: Plan) -> PlanInput? {
      plan.inputs.first { $0.name == input && $0.location == location }
    }
    for summary in try runs() where ![.planned, .waiting, .rolledBack].contains(summary.state) {
      // A damaged run is listed with what is wrong with it, and names nothing.
      guard let found = (try? plan(of: summary.run)).flatMap(named) else { continue }
      // Where nothing was, there is now what the run has made.
      return UniqueID(found.identity) ?? summary.run
    }
    return try PlanStore(workplace).all().lazy.compactMap(named).compactMap { UniqueID($0.identity) }.first
  }

  /// The last comparison of a run; nil before the first.
  public func verification(of run: UniqueID) throws -> Verification? { try RunStore.verification(existing(run)) }

  /// A run's events so far, oldest first, one at a time.
  public func events(of run: UniqueID, _ body: (Event) throws -> Void) throws {
    let folder = try existing(run)
    if try Files.exists(folder.events) { try EventLog.each(folder, body) }
  }

  /// The page of a run's report, its signature checked.
  ///
  /// - Throws: ``MigrationError`` `notFound`, or `damaged` where it is not what was signed.
  public func reportPage(_ run: UniqueID) throws -> [UInt8] {
    let folder = try existing(run)
    return try Report.signed(at: folder.reportPage, keys: ReportKeys(of: folder))
  }

  private func existing(_ run: UniqueID) throws -> RunFolder {
    let folder = RunFolder(run: run, in: workplace)
    guard try Files.exists(folder.plan) else {
      throw MigrationError(
        .notFound, doing: "find run \(run)", reason: "there is none", advice: "locktender runs lists them")
    }
    return folder
  }
}
