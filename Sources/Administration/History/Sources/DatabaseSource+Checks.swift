internal import Base
internal import Database
internal import Migration

extension DatabaseSource {
  private var subject: String { "source \(name)" }

  func check() throws -> [Finding] {
    let connection = try open()
    return try connection.transaction(.readOnlySnapshot) {
      let identity = try DatabaseIdentity.read(from: connection)
      let catalogue = try connection.catalogue()
      var findings = [schema(identity, catalogue)]
      if location.engine == .postgresql {
        findings.append(ConnectionChecks.encryption(subject, location, try connection.serverFacts()))
      }
      if location.engine == .odbc {
        findings += try ODBCSourceChecks(
          subject: subject, connection: connection, identity: identity, catalogue: catalogue
        ).all()
      }
      findings += try unfinished(identity.release, on: connection)
      findings.append(try orphans(identity.release, on: connection))
      if identity.type == .undivided { findings.append(split(identity)) }
      if catalogue["replication_partner"] != nil { findings.append(try partners(on: connection)) }
      return findings
    }
  }

  /// Tables and columns that a release ought to have and this database has not.
  private func schema(_ identity: DatabaseIdentity, _ catalogue: Catalogue) -> Finding {
    let layout = HistoryLayout(identity.release)
    var missing: [String] = []
    for table in ReleaseSchema(identity.release, .history).tables where layout.all.contains(table.name) {
      guard let found = catalogue[table.name] else {
        missing.append(table.name)
        continue
      }
      let columns = Set(found.columns.map(\.name))
      missing += table.columnNames.filter { !columns.contains($0) }.map { "\(table.name).\($0)" }
    }
    guard missing.isEmpty else {
      return Finding(
        "source.schema", rule: "D1", .block, about: subject,
        "it says that it is \(identity.release), but has not \(missing.joined(separator: ", "))",
        remedy: "restore a backup of \(identity.release), or finish the upgrade that left it so")
    }
    return Finding(
      "source.schema", rule: "D1", .pass, about: subject, "its tables are those of \(identity.release)")
  }

  /// Approvals and other tasks that wait for somebody: they come, held, and are told of before.
  private func unfinished(_ release: Release, on connection: Connection) throws -> [Finding] {
    var counts: [TaskKind: Int] = [:]
    for kind in TaskKind.allCases {
      let table = kind.table(in: release)
      let unfinished = TaskTransform.unfinished(release)
      let ofKind: SQL =
        release.tasksAreDivided
        ? "1 = 1"
        : release.termsAreCodes
          ? "t.kind = \((kind.code).sqlValue)" : "t.kind = \((kind.name(in: release)).sqlValue)"
      counts[kind] = Int(
        try connection.integer(
          """
          SELECT count(*) FROM \(identifier: table) t
          WHERE \(unsafeSQL: unfinished) AND \(fragment: ofKind)
          """) ?? 0)
    }
    let approvals = counts[.approval] ?? 0
    let others = (counts[.temporalMembership] ?? 0) + (counts[.deprovisioning] ?? 0)
    return [
      Finding(
        "approvals.pending", rule: "D20", approvals == 0 ? .pass : .warn, about: subject,
        approvals == 0 ? "no approval is pending" : "\(approvals) approvals are pending; they come, held",
        remedy: approvals == 0 ? nil : "decide them in the old service first, or go on: none is lost"),
      Finding(
        "tasks.unfinished", rule: "D94", .pass, about: subject,
        "\(others) membership and deprovisioning tasks are unfinished; they come whatever the time range"),
    ]
  }

  /// Rows that refer to a request which is not there: they come, and are named.
  private func orphans(_ release: Release, on connection: Connection) throws -> Finding {
    let layout = HistoryLayout(release)
    var found: [String] = []
    var children = layout.tasks
    if let sections = layout.sections { children.append(sections) }
    if !release.changesArePacked { children.append("property_change") }
    for table in children {
      let count =
        try connection.integer(
          """
          SELECT count(*) FROM \(identifier: table) c WHERE c.request_id IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM \(identifier: layout.requests) p WHERE p.id = c.request_id)
          """) ?? 0
      if count > 0 { found.append("\(count) of \(table)") }
    }
    return Finding(
      "references", rule: "D83", found.isEmpty ? .pass : .warn, about: subject,
      found.isEmpty
        ? "every row's request is there"
        : "rows refer to requests that are not there: \(found.joined(separator: ", ")); they come without",
      remedy: found.isEmpty ? nil : "nothing has to be done; the report lists them")
  }

  private func split(_ identity: DatabaseIdentity) -> Finding {
    Finding(
      "source.split", rule: "D37", .pass, about: subject,
      "it is one undivided database of \(identity.release); its history goes into a database of its own")
  }

  /// Partners would go on writing to a database whose content has moved.
  private func partners(on connection: Connection) throws -> Finding {
    let count = try connection.integer("SELECT count(*) FROM replication_partner") ?? 0
    return Finding(
      "replication.partners", rule: "D21", count == 0 ? .pass : .block, about: subject,
      count == 0 ? "it has no replication partners" : "it has \(count) replication partners",
      remedy: count == 0
        ? nil : "remove the partners in the old service; note the topology, to build it again after",
      waivable: count > 0)
  }
}
