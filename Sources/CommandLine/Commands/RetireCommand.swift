internal import Administration
internal import Base
internal import Migration

extension CommandContext {
  func retire() async throws -> ExitCode {
    let engine = try open().engine
    let (address, _) = try part(in: engine)
    let wishes = RetireWishes(backups: invocation.flag("with-backups"))
    let found = try await engine.leftovers(address, wishes)
    let isDry = invocation.flag("dry-run")
    let removable = found.flatMap(\.removable).count
    if !console.isJSON { show(found) }
    if isDry || removable == 0 {
      if console.isJSON { try printJSON(Retired(retired: removable == 0, runs: found)) }
      console.talk(removable == 0 ? "nothing is left to put away" : "dry run: nothing was removed")
      return .done
    }
    try accept(
      "remove \(Human.count(removable, "thing")) that finalized runs have left", word: address.description,
      verb: "retire")
    let flag = CancellationFlag()
    signals.react(
      .cancel(flag) { _ in "stopping; what is removed is gone, and the same command goes on with the rest" })
    defer { signals.react(.exit) }
    for run in found where !run.removable.isEmpty {
      try await RunDisplay.showing(on: console) {
        try await engine.retire(run.run, wishes, cancellation: flag, listeners: [$0])
      }
    }
    if console.isJSON { try printJSON(Retired(retired: true, runs: found)) }
    console.talk("\(Human.count(removable, "thing")) removed")
    return .done
  }

  private struct Retired: Encodable {
    /// Whether nothing that can be put away is left.
    let retired: Bool
    let runs: [MigrationEngine.RunLeftovers]
  }

  /// Each place once, on a line of its own that can be copied.
  private func show(_ found: [MigrationEngine.RunLeftovers]) {
    let width = max(40, min(120, Terminal.output.width))
    var shown: Set<String> = []
    for run in found {
      let when = run.finalizedAt.map { ", finalized \(Human.instant($0))" } ?? ""
      console.result(console.style.paint("run \(short(run.run.description))\(when)", .bold))
      let new = run.leftovers.filter { shown.insert("\($0.what) \($0.place)").inserted }
      if new.isEmpty { console.result("  nothing else is left") }
      for leftover in new {
        let size = leftover.bytes.map { ", \(Human.bytes($0))" } ?? ""
        console.result("  \(leftover.stays == nil ? "goes " : "stays") \(printable(leftover.what))\(size)")
        console.result("        \(printable(leftover.place))")
        for line in broken(leftover.stays ?? "", to: width - 8) where !line.isEmpty {
          console.result("        " + line)
        }
      }
    }
  }
}

extension CommandContext {
  func listBackups() throws -> ExitCode {
    let entries = try backups().list()
    if console.isJSON {
      try printJSON(entries)
      return .done
    }
    guard !entries.isEmpty else {
      console.talk("no backups yet: an import makes one of each database before it writes anything")
      return .done
    }
    var table = TextTable([
      ("made", .left), ("of", .left), ("size", .right), ("file", .left), ("database", .left),
    ])
    for entry in entries {
      table.add([
        Human.instant(entry.made), entry.subject, Human.bytes(entry.bytes),
        entry.file + (entry.isThere ? "" : " (gone)"), entry.location,
      ])
    }
    console.result(table.lines(width: Terminal.output.tableWidth, style: console.style))
    return .done
  }

  func testBackup() async throws -> ExitCode {
    let flag = CancellationFlag()
    signals.react(.stop(flag))
    defer { signals.react(.exit) }
    let console = console
    defer { console.show([]) }
    let test = try await backups().test(invocation.argument("FILE")) { what, done, total in
      try flag.check()
      let size = total.map { "\(Human.bytes(done)) of \(Human.bytes($0))" } ?? Human.bytes(done)
      console.show(["\(what), \(size)"])
    }
    if console.isJSON {
      try printJSON(test)
    } else {
      console.result(
        "\(test.file): restored in a scratch place and read, \(Human.count(test.rows, "row")) in \(Human.count(test.tables, "table")), as they were when it was made; \(Human.duration(test.seconds))"
      )
    }
    return .done
  }

  private func backups() throws -> AdministrationBackups {
    let (opened, section) = try administration(doing: "look at the backups")
    return AdministrationBackups(section, in: opened.engine.workplace)
  }
}
