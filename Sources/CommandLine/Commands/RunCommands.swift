internal import Base
internal import Migration

extension CommandContext {
  /// Works on a run with its events shown, and prints where it stands at the end.
  ///
  /// While it works, SIGINT and SIGTERM stop it at its batch's end.
  ///
  /// - Parameter messenger: sends word of the run to people who are not there.
  func working(
    telling messenger: Messenger? = nil, _ act: (CancellationFlag, [EventSink.Listener]) async throws -> RunSummary
  ) async throws -> ExitCode {
    let flag = CancellationFlag()
    let activity = RunActivity()
    signals.react(.cancel(flag) { StopText.stopping($0, activity.state) })
    defer { signals.react(.exit) }
    let summary = try await RunDisplay.showing(on: console) { display in
      let listeners = [display, activity.listener]
      guard let messenger else { return try await act(flag, listeners) }
      return try await messenger.whileDelivering { try await act(flag, listeners + [messenger.listener]) }
    }
    show(summary)
    return ExitCode(summary)
  }

  /// Who sends word of a run; nil where the platform file names nobody to hear it.
  ///
  /// - Throws: where a secret cannot be had, which is told before anything begins. A server that cannot be reached
  ///   later stops nothing.
  func messenger(of run: UniqueID, _ part: PartAddress, _ opened: OpenPlatform) throws -> Messenger? {
    let settings = opened.platform.messages
    guard settings != MessageSettings() else { return nil }
    let text = EventText(style: console.talkStyle, isVerbose: false)
    return try Messenger(
      settings, of: run, part, in: opened.engine.workplace,
      warned: [
        { [console] event in
          if let line = text.line(event) { console.talk(line) }
        }
      ])
  }

  private func messenger(of run: UniqueID, _ opened: OpenPlatform) throws -> Messenger? {
    try messenger(of: run, opened.engine.summary(of: run).part, opened)
  }

  func resume() async throws -> ExitCode {
    let opened = try open()
    let engine = opened.engine
    let run = try await runTakingUp(in: engine, to: "resume")
    if try engine.hasEnded(run) {
      let summary = try engine.summary(of: run)
      console.talk("the run has ended, and nothing is left to go on with: \(summary.state.title)")
      show(summary)
      return ExitCode(summary)
    }
    let isNow = invocation.flag("now")
    return try await working(telling: messenger(of: run, opened)) {
      try await engine.resume(run, now: isNow, cancellation: $0, listeners: $1)
    }
  }

  func verify() async throws -> ExitCode {
    let engine = try open().engine
    let run = try run(in: engine)
    return try await working { try await engine.verify(run, cancellation: $0, listeners: $1) }
  }

  func rollback() async throws -> ExitCode {
    let opened = try open()
    let engine = opened.engine
    let run = try await runTakingUp(in: engine, to: "rollback")
    try accept(
      "take back what run \(short(run.description)) brought", word: short(run.description), verb: "rollback")
    return try await working(telling: messenger(of: run, opened)) {
      try await engine.rollback(run, cancellation: $0, listeners: $1)
    }
  }

  func finalize() async throws -> ExitCode {
    let opened = try open()
    let engine = opened.engine
    let run = try run(in: engine)
    let summary = try engine.summary(of: run)
    guard summary.state == .verified || summary.state == .finalizing else {
      throw MigrationError(
        summary.state == .differing ? .verificationFailed : .wrongState, doing: "finalize the run",
        reason: "the run is \(summary.state.title)",
        advice: command("status \(short(run.description))") + " shows what can follow")
    }
    try accept(
      "finalize run \(short(run.description)), after which it can no longer be rolled back",
      word: short(run.description), verb: "finalize")
    return try await working(telling: messenger(of: run, opened)) {
      try await engine.finalize(run, cancellation: $0, listeners: $1)
    }
  }

  /// Has a person say that it is meant: `--yes`, or the word typed at the terminal.
  func accept(_ act: String, word: String, verb: String) throws {
    if invocation.flag("yes") { return }
    guard isInteractive else {
      throw CommandLineError(
        .notAccepted, doing: "\(verb) \(word)", reason: "nobody has accepted it, and nothing was done",
        advice: command("\(verb) \(word) --yes"))
    }
    let typed = Prompt(console: console).ask("To \(act), type \(word)")
    guard typed == word else {
      throw CommandLineError(
        .notAccepted, doing: "\(verb) \(word)", reason: "not accepted, and nothing was done")
    }
  }

  func watch() async throws -> ExitCode {
    let engine = try open().engine
    let run = try run(in: engine)
    let printsJSON = console.isJSON
    try await RunDisplay.showing(on: console, printsJSON: printsJSON, tellsFailures: true) { listener in
      try await engine.watch(run, listener)
    }
    let summary = try engine.summary(of: run)
    if !printsJSON { show(summary) }
    return ExitCode(summary)
  }

  func cancel() async throws -> ExitCode {
    guard !(invocation.flag("keep") && invocation.flag("remove")) else {
      throw CommandLineError(
        .usage, doing: "read the command line", reason: "--keep and --remove exclude each other",
        advice: "locktender help cancel")
    }
    let opened = try open()
    let engine = opened.engine
    let run = try run(in: engine)
    let before = try engine.summary(of: run).state
    try engine.cancel(run)
    if try engine.summary(of: run).active {
      console.talk("waiting for the end of the batch")
      while try engine.summary(of: run).active { try await Task.sleep(for: .milliseconds(200)) }
    }
    let summary = try engine.summary(of: run)
    // A comparison that was stopped leaves the run where it was.
    guard summary.state == .cancelled || (summary.state == .applied && before == .verifying) else {
      console.talk("the run had come to its end before it could stop: \(summary.state.title)")
      show(summary)
      return .failed
    }
    guard invocation.flag("remove") else {
      show(summary)
      return .done
    }
    return try await working(telling: messenger(of: run, opened)) {
      try await engine.rollback(run, cancellation: $0, listeners: $1)
    }
  }

  func compare() async throws -> ExitCode {
    let engine = try open().engine
    let run = try run(in: engine)
    let summary = try engine.summary(of: run)
    let plan = try engine.plan(of: run)
    let flag = CancellationFlag()
    signals.react(.cancel(flag) { _ in "stopping the comparison; the run stays as it is" })
    defer { signals.react(.exit) }
    let verification = try await RunDisplay.showing(on: console) { listener in
      let context = StepContext(
        run: run, folder: summary.folder, workplace: engine.workplace,
        journal: try Journal(path: RunFolder(run: run, in: engine.workplace).journal),
        events: EventSink(run: run, clock: engine.workplace.clock, listeners: [listener]), cancellation: flag)
      return try await engine.part(plan.part).verify(plan, context)
    }
    if console.isJSON {
      try printJSON(verification)
    } else {
      console.result(VerificationText(style: console.style, width: Terminal.output.tableWidth).lines(verification))
    }
    return verification.agrees ? .done : .differing
  }
}
