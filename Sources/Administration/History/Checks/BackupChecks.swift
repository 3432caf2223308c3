internal import Base
internal import Cryptography
internal import Database
internal import Migration

/// What backups and their tests need, before there is anything to back up.
struct BackupChecks {
  let backups: BackupPlace
  /// How big the databases on servers are, each as its server tells it.
  let serverBytes: [Int]

  func all() -> [Finding] {
    var findings = [key()]
    if !serverBytes.isEmpty { findings.append(scratch()) }
    return findings
  }

  /// A key that burns with the backups opens none of them.
  private func key() -> Finding {
    let subject = "backups"
    if backups.keys.passphrase != nil {
      return Finding(
        "backup.key", rule: "D16", .pass, about: subject, "they are encrypted with the configured passphrase")
    }
    let file = backups.keys.keyFile
    let exists = (try? Files.exists(file)) == true  // what cannot be looked at is spoken of when it is used
    let made = exists ? "" : " (it is made with the first backup)"
    guard isBeside(file) else {
      return Finding(
        "backup.key", rule: "D16", .pass, about: subject, "their key lies apart from them in \(file)\(made)")
    }
    return Finding(
      "backup.key", rule: "D16", .warn, about: subject,
      "their key \(file)\(made) lies on the same disk: whatever takes the one takes the other",
      remedy:
        "copy it elsewhere, to a safe place on another machine: cp \(file) …; or name a passphrase as backups.key")
  }

  private func isBeside(_ file: String) -> Bool {
    func device(_ path: String) -> UInt64? {
      var folder = path
      // Where nothing can be looked at, nothing can be told: then it counts as beside.
      while (try? Files.exists(folder)) == false, folder != "/", folder != "." { folder = Paths.folder(of: folder) }
      // As above.
      return (try? Files.status(of: folder))?.device
    }
    guard let key = device(file), let place = device(backups.folder) else { return true }
    return key == place
  }

  /// A dump is restored once, beside its plain form.
  private func scratch() -> Finding {
    let needed = (serverBytes.max() ?? 0) * 2 + (64 << 20)
    let folder = ScratchFolder.parent
    do {
      let free = Int(try Files.space(at: folder).free)
      let isEnough = free > needed
      return Finding(
        "backup.scratch", rule: "D22", isEnough ? .pass : .block, about: "backups",
        "a restored dump needs about \(Human.bytes(needed)) in \(folder), \(Human.bytes(free)) are free",
        remedy: isEnough ? nil : "free some space there, or name another folder as TMPDIR", waivable: !isEnough)
    } catch {
      return Finding(
        "backup.scratch", rule: "D22", .block, about: "backups", explain(error),
        remedy: advice(for: error) ?? "name another folder as TMPDIR")
    }
  }

  /// Whether this machine can dump and restore a database of the server.
  static func programs(_ subject: String, _ facts: ServerFacts) -> Finding {
    do {
      let programs = try ServerPrograms.find()
      try programs.requireDump(of: facts.versionNumber)
      return Finding(
        "backup.programs", rule: "D16", .pass, about: subject,
        "PostgreSQL \(programs.majorVersion) in \(programs.folder) dumps it and restores it to test the backup")
    } catch {
      return Finding(
        "backup.programs", rule: "D16", .block, about: subject, error.reason,
        remedy: error.advice ?? "install PostgreSQL \(facts.versionNumber / 10_000) here")
    }
  }
}
