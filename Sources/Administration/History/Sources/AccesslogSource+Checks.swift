internal import Base
internal import Directory
internal import Migration

extension AccesslogSource {
  private var subject: String { "source \(name)" }

  func check() throws -> [Finding] {
    switch origin {
    case .file(let path): findings(try tally(of: path), bytes: Int(try Files.status(of: path).size))
    case .directory(let directory): try check(directory)
    }
  }

  private func findings(_ tally: CaptureTally, bytes: Int) -> [Finding] {
    let common = LogChecks.findings(tally, bytes: bytes, subject, now: way.clock.now())
    return common + [LogChecks.oldValues(tally, subject)].compactMap(\.self)
  }

  private func check(_ directory: AccesslogDirectory) throws -> [Finding] {
    var tally = try directory.tally(lookingFor: nil)
    var connection = try directory.login.connect()
    let hasChanges = tally.records.keys.contains { $0 == "modify" || $0 == "delete" }
    let keepsOld = try hasChanges && has("(reqOld=*)", directory, &connection)
    tally.changesWithOldValues = keepsOld ? 1 : 0
    tally.changesWithoutOldValues = hasChanges && !keepsOld ? 1 : 0
    var findings = findings(tally, bytes: tally.carried * AccesslogDirectory.bytesPerRecord)
    findings.append(encryption(directory.login))
    findings.append(try operations(directory, &connection))
    findings.append(
      Finding(
        "accesslog.cut-off", rule: "D92", .pass, about: subject,
        "the log goes on: records up to the last one at the start come; those that end late are looked for again"))
    return findings
  }

  private func has(
    _ filter: String, _ directory: AccesslogDirectory, _ connection: inout LDAPConnection
  ) throws -> Bool {
    do {
      try directory.search(&connection, filter, attributes: ["1.1"]) { _ in throw Enough() }
      return false
    } catch is Enough {
      return true
    }
  }

  private struct Enough: Error {}

  private func encryption(_ login: DirectoryLogin) -> Finding {
    if login.isLocal {
      return Finding("connection.encrypted", rule: "D19", .pass, about: subject, "it does not leave this machine")
    }
    let way = login.isProtectedByStartTLS ? "STARTTLS" : "TLS"
    return Finding(
      "connection.encrypted", rule: "D19", .pass, about: subject,
      "\(way), with a certificate that was verified for the host's name")
  }

  /// What the overlay is told to record, where its configuration can be read.
  private func operations(
    _ directory: AccesslogDirectory, _ connection: inout LDAPConnection
  ) throws -> Finding {
    var operations: [String]?
    var purge: String?
    do throws(DirectoryError) {
      let search = LDAPSearch(
        base: "cn=config", filter: "(objectClass=olcAccessLogConfig)",
        attributes: ["olcAccessLogDB", "olcAccessLogOps", "olcAccessLogPurge"], pageSize: nil)
      try connection.search(search) { entry in
        guard RawName.isSame(entry.string("olcAccessLogDB") ?? "", directory.base) else { return }
        operations = entry.strings("olcAccessLogOps")
        purge = entry.string("olcAccessLogPurge")
      }
    } catch {
      // Most accounts may not read the configuration; what is recorded is then known from the records alone.
      operations = nil
    }
    guard let operations else {
      return Finding(
        "accesslog.operations", .pass, about: subject,
        "its configuration cannot be read: which operations it records is seen in the records only")
    }
    let words = Set(operations.flatMap { $0.lowercased().split(separator: " ").map(String.init) })
    let recordsWrites =
      !words.isDisjoint(with: ["writes", "all"]) || words.isSuperset(of: ["add", "modify", "delete", "modrdn"])
    let kept = purge.map { "; records older than \($0.split(separator: " ").first ?? "") are thrown away" } ?? ""
    return Finding(
      "accesslog.operations", recordsWrites ? .pass : .warn, about: subject,
      "it records \(words.sorted().joined(separator: ", "))\(kept)",
      remedy: recordsWrites ? nil : "set olcAccessLogOps: writes; what was not recorded until then is lost")
  }
}

/// Checks that every log gets.
enum LogChecks {
  /// - Parameter bytes: the size of the log.
  static func findings(_ tally: CaptureTally, bytes: Int, _ subject: String, now: Timestamp) -> [Finding] {
    [span(tally, bytes, subject, now), damage(tally, subject), secrets(tally, subject)].compactMap(\.self)
  }

  private static func span(_ tally: CaptureTally, _ bytes: Int, _ subject: String, _ now: Timestamp) -> Finding {
    guard let first = tally.first, let last = tally.last else {
      return Finding(
        "source.span", rule: "D61", .warn, about: subject, "no change is recorded in it",
        remedy: "leave the source out")
    }
    guard last <= now else {
      return Finding(
        "source.future", rule: "D93", .block, about: subject,
        "it has records up to \(last), which lies in the future: here it is \(now)",
        remedy: "set the clocks of both machines by the same time server", waivable: true)
    }
    return Finding(
      "source.span", rule: "D61", .pass, about: subject,
      "\(tally.carried) changes in \(bytes) bytes, from \(first) to \(last); \(tally.leftOutCount) entries change nothing"
    )
  }

  private static func damage(_ tally: CaptureTally, _ subject: String) -> Finding? {
    guard tally.damaged > 0 else { return nil }
    let place = tally.firstDamage.map(LogPlace.text) ?? ""
    return Finding(
      "source.damage", rule: "D101", .warn, about: subject,
      "\(tally.damaged) records cannot be read, the first at \(place); they are rejected by name",
      remedy: tally.endsWithinLine
        ? "the log ends within a record: it is complete at the next import"
        : "look at these lines; the rest is imported")
  }

  /// Whether an accesslog tells what was there before a change.
  static func oldValues(_ tally: CaptureTally, _ subject: String) -> Finding? {
    let without = tally.changesWithoutOldValues
    guard without > 0 || tally.changesWithOldValues > 0 else { return nil }
    if without == 0 {
      return Finding("source.old-values", rule: "D86", .pass, about: subject, "it tells old values beside new ones")
    }
    let message =
      tally.changesWithOldValues == 0
      ? "it tells no old values: the history will show what was set, not what was there before"
      : "\(without) changes do not tell what was there before"
    return Finding(
      "source.old-values", rule: "D86", .warn, about: subject, message,
      remedy: "slapd: logold (objectClass=*) from now on; what was not logged cannot be had")
  }

  private static func secrets(_ tally: CaptureTally, _ subject: String) -> Finding? {
    guard tally.maskedValues > 0 else { return nil }
    return Finding(
      "source.secrets", .pass, about: subject,
      "\(tally.maskedValues) values are passwords and keys; they are replaced by a mark, and stay in the backup only"
    )
  }
}
