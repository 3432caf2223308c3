internal import Administration
internal import Base
internal import Database
internal import Migration

extension CommandContext {
  func newLab() async throws -> ExitCode {
    let options = try labOptions()
    let clock = SystemClock()
    var drawnAt = clock.now()
    do {
      try options.check()
    } catch {
      throw CommandLineError(.usage, doing: "read the command line", cause: error)
    }
    let manifest = try await Lab.create(options) { progress in
      let now = clock.now()
      guard now.seconds(since: drawnAt) >= 0.1 else { return }
      drawnAt = now
      console.show(["requests \(Human.count(progress.requests)) of \(Human.count(progress.total))"])
    }
    console.show([])
    if console.isJSON {
      console.result(manifest.json.pretty().split(separator: "\n").map(String.init))
      return .done
    }
    for entry in manifest.databases {
      let rows = entry.tables.reduce(0) { $0 + $1.rows }
      console.result(
        "\(entry.location)  \(entry.type.rawValue) of \(manifest.release), \(Human.count(rows, "row"))")
    }
    if manifest.history > 0 {
      let sources = manifest.databases.map { "--source \(shellWord($0.location.description))" }
      console.talk("next: locktender init \(sources.joined(separator: " "))")
    }
    return .done
  }

  private func labOptions() throws -> LabOptions {
    func refused(_ reason: String) -> CommandLineError {
      CommandLineError(.usage, doing: "read the command line", reason: reason, advice: "locktender help lab new")
    }
    func number(_ name: String, default standard: Int) -> Int {
      // The parser has made sure that it is a number.
      invocation.value(name).flatMap { Int($0) } ?? standard
    }
    guard let folder = invocation.argument("DIR"), let release = Release(invocation.value("version") ?? "7.5")
    else {
      throw refused("DIR is missing")
    }
    guard !(invocation.flag("undivided") && invocation.flag("divided")) else {
      throw refused("--undivided and --divided exclude each other")
    }
    let shape: Bool? = invocation.flag("undivided") ? true : invocation.flag("divided") ? false : nil
    return LabOptions(
      folder: Paths.join(try currentFolder(), folder), release: release, store: try labStore(refused),
      people: number("people", default: 2000), history: number("history", default: 200_000),
      seed: UInt64(number("seed", default: 1)), isUndivided: shape)
  }

  private func labStore(_ refused: (String) -> CommandLineError) throws -> LabOptions.Store {
    let server = invocation.value("server")
    guard invocation.value("engine") == "postgresql" else {
      if server != nil { throw refused("--server is for --engine postgresql") }
      return .sqlite
    }
    guard let server else { throw refused("--engine postgresql needs a --server to make the databases on") }
    let passwordFile = invocation.value("password-file")
    let options = ConnectOptions(
      access: .create,
      password: { use in
        guard let passwordFile else { return }
        try SecretBytes.read(file: passwordFile).withBytes { use($0) }
      })
    let location: DatabaseLocation
    do throws(DatabaseError) {
      location = try DatabaseLocation(server)
    } catch {
      throw CommandLineError(.usage, doing: "read --server", cause: error)
    }
    return .postgresql(location, options: options, prefix: invocation.value("prefix") ?? "lab")
  }
}
