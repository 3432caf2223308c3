internal import Base
internal import Database
internal import Migration
internal import Transfer

/// Every check that comes before an import, those that pass included.
struct HistoryChecks: Sendable {
  let sources: [any HistorySource]
  let destination: HistoryDestination?
  let backups: BackupPlace
  let choices: HistoryChoices
  /// Whose own traces in the destination are no obstacle.
  let run: UniqueID?
  let now: Timestamp

  func all() throws -> [Finding] {
    var findings: [Finding] = []
    var examined: [SourceExamination] = []
    for source in sources {
      do {
        let found = try source.examine()
        examined.append(found)
        findings.append(
          Finding(
            "source.readable", rule: "D8", .pass, about: "source \(source.name)",
            "it can be read\(found.version.map { ", version \($0)" } ?? "")"))
        findings += try source.check()
      } catch {
        findings.append(unreadable(source, error))
      }
      if let database = source as? DatabaseSource {
        findings += ServerSourceChecks(source: database, now: now).all()
      }
    }
    findings += twins(examined)
    findings.append(range())
    findings.append(backupPlace(for: examined))
    findings += BackupChecks(backups: backups, serverBytes: serverBytes()).all()
    guard let destination else {
      findings.append(
        Finding(
          "destination.named", rule: "D67", .block, about: "destination", "the platform file names no destination",
          remedy: "add destination: { history: \"…\" } to the section administration"))
      return findings
    }
    findings += DestinationChecks(
      destination: destination, sources: sources, examined: examined, backups: backups, choices: choices,
      run: run, now: now
    ).all()
    return findings
  }

  /// How big the databases are that are dumped: all of them, not their history alone.
  private func serverBytes() -> [Int] {
    sources.compactMap { $0 as? DatabaseSource }.filter { $0.location.engine == .postgresql }.compactMap { source in
      // A server that does not let us in is told of elsewhere.
      (try? source.open().integer("SELECT pg_database_size(current_database())")).flatMap { $0 }.map(Int.init)
    }
  }

  /// Why a source cannot be taken, with the rule that says so.
  private func unreadable(_ source: any HistorySource, _ error: any Error) -> Finding {
    let code = (error as? AdministrationError)?.code
    let connecting = chain(of: error).lazy.compactMap { ($0 as? DatabaseError)?.code }.first
    let (check, rule): (String, String) =
      switch code {
      case _ where connecting == .tls: ("connection.encrypted", "D47")
      case _ where connecting == .authentication: ("source.login", "D54")
      case .releaseTooOld, .releaseTooNew, .unknownRelease: ("source.version", "D1")
      case .foreignDatabase, .damagedIdentity, .wrongType: ("source.product", "D63")
      case .schemaDrift: ("source.schema", "D1")
      default: ("source.readable", "D8")
      }
    return Finding(
      check, rule: rule, .block, about: "source \(source.name)", explain(error),
      remedy: advice(for: error) ?? "name another source in platform.json5")
  }

  /// Two ways to one history bring the same rows twice: they come one after the other.
  private func twins(_ examined: [SourceExamination]) -> [Finding] {
    guard examined.count == sources.count else { return [] }
    var names: [UniqueID: [String]] = [:]
    for (source, found) in zip(sources, examined) { names[found.identity, default: []].append(source.name) }
    return names.values.filter { $0.count > 1 }.map { $0.sorted() }.sorted { $0[0] < $1[0] }.map { twins in
      Finding(
        "source.once", rule: "D104", .block, about: "sources \(twins.joined(separator: ", "))",
        "they are the same history",
        remedy: "import one after the other: \(twins.map { "--source \($0)" }.joined(separator: ", then "))")
    }
  }

  private func range() -> Finding {
    let from = choices.wish.interval.from.map(\.description) ?? "the beginning"
    let until = choices.wish.interval.until.map(\.description) ?? "now"
    return Finding("range", rule: "D93", .pass, about: "time range", "from \(from) until \(until), in UTC")
  }

  /// A backup is taken and restored before anything is written: there must be a place for both.
  private func backupPlace(for examined: [SourceExamination]) -> Finding {
    do {
      let folder = try existingParent(of: backups.folder)
      let free = Int(try Files.space(at: folder).free)
      let needed = examined.reduce(0) { $0 + Int(Double($1.bytes) * 2.2) }
      if free < needed {
        return Finding(
          "backup.place", rule: "D16", .block, about: "backups",
          "\(folder) has \(free) bytes free, backup and restore test need about \(needed)",
          remedy: "free some space, or name another folder as backups.folder in platform.json5")
      }
      return Finding(
        "backup.place", rule: "D16", .pass, about: "backups",
        "backups go to \(backups.folder), encrypted, and are restored once before anything is written")
    } catch {
      return Finding(
        "backup.place", rule: "D16", .block, about: "backups", explain(error),
        remedy: advice(for: error) ?? "name another folder as backups.folder in platform.json5")
    }
  }

  private func existingParent(of path: String) throws -> String {
    var folder = path
    while try !Files.exists(folder), folder != "/" { folder = Paths.folder(of: folder) }
    return folder
  }
}

/// The checks of where the rows go.
struct DestinationChecks {
  let destination: HistoryDestination
  let sources: [any HistorySource]
  let examined: [SourceExamination]
  let backups: BackupPlace
  let choices: HistoryChoices
  let run: UniqueID?
  let now: Timestamp

  func all() -> [Finding] {
    do {
      let condition = try destination.condition()
      var findings = [self.condition(condition), other(condition), try space()]
      if condition != .absent { findings.append(try free()) }
      if condition != .absent, destination.location.engine == .postgresql { findings += try server() }
      findings += try FurtherDestinationChecks(
        destination: destination, condition: condition,
        sources: examined.count == sources.count ? sources : nil, examined: examined, choices: choices,
        run: run, now: now
      ).all()
      return findings
    } catch {
      let connecting = chain(of: error).lazy.compactMap { ($0 as? DatabaseError)?.code }.first
      let (check, rule) = connecting == .tls ? ("connection.encrypted", "D47") : ("destination.readable", "D8")
      return [
        Finding(
          check, rule: rule, .block, about: "destination", explain(error),
          remedy: advice(for: error) ?? "name another database as destination.history in platform.json5")
      ]
    }
  }

  private func condition(_ condition: HistoryDestination.Condition) -> Finding {
    let (severity, message): (Finding.Severity, String) =
      switch condition {
      case .absent: (.pass, "it is not there yet and will be made")
      case .blank: (.pass, "it is blank")
      case .empty(let identity): (.pass, "it is an empty history of \(identity.release)")
      case .inUse(let identity, let rows):
        (.pass, "it is a history of \(identity.release) with \(rows) rows; they stay")
      case .foreign(let reason): (.block, "it cannot be written to: \(reason)")
      }
    return Finding(
      "destination.condition", rule: "D10", severity, about: "destination", message,
      remedy: severity == .pass
        ? nil : "name a blank database, or a history of \(Release.newest), as destination.history in platform.json5"
    )
  }

  /// A source must not be written to, whatever name it goes by.
  private func other(_ condition: HistoryDestination.Condition) -> Finding {
    let place = destination.location.canonical
    let identity = condition.identity?.id
    for (source, found) in zip(sources, examined) {
      let isSame = (source as? DatabaseSource)?.location.canonical == place || found.identity == identity
      if isSame {
        return Finding(
          "destination.other", rule: "D67", .block, about: "destination",
          "it is the same database as source \(source.name)",
          remedy: "name the new service's database as destination.history in platform.json5")
      }
    }
    return Finding("destination.other", rule: "D67", .pass, about: "destination", "it is none of the sources")
  }

  private func free() throws -> Finding {
    let connection = try destination.openReadOnly()
    if try DestinationHold.isHeldElsewhere(destination.location, on: connection) {
      return Finding(
        "destination.free", rule: "D45", .block, about: "destination", "another run is writing to it",
        remedy: "locktender runs lists the runs; wait for it, or stop it with locktender cancel RUN",
        onlyBeforeStart: false)
    }
    return Finding("destination.free", rule: "D45", .pass, about: "destination", "nobody else is writing to it")
  }

  /// Room for rows, indexes and the log of writes.
  private func space() throws -> Finding {
    let rows = examined.reduce(0) { $0 + $1.estimatedRows }
    let bytes = examined.reduce(0) { $0 + $1.bytes }
    let needed = max(bytes * 3, rows * 220)
    guard let folder = try DestinationDisk.folders(of: destination).last else {
      return Finding(
        "destination.space", rule: "D22", .warn, about: "destination",
        "about \(needed) bytes are needed at the server; it does not tell how much is free",
        remedy: "look at the server's disk")
    }
    let free = Int(try Files.space(at: folder).free)
    let isEnough = free > needed
    return Finding(
      "destination.space", rule: "D22", isEnough ? .pass : .block, about: "destination",
      "about \(needed) bytes are needed in \(folder), \(free) are free",
      remedy: isEnough ? nil : "free some space, or name another folder", waivable: !isEnough)
  }

  private func server() throws -> [Finding] {
    let connection = try destination.openReadOnly()
    let facts = try connection.serverFacts()
    var findings: [Finding] = []
    let isUnicode = facts.encoding == "UTF8"
    findings.append(
      Finding(
        "destination.encoding", rule: "D10", isUnicode ? .pass : .block, about: "destination",
        "its encoding is \(facts.encoding)",
        remedy: isUnicode ? nil : "create database … template template0 encoding 'UTF8'"))
    findings.append(ConnectionChecks.encryption("destination", destination.location, facts))
    return findings
  }
}
