internal import Base
internal import Migration

extension CommandContext {
  /// Asks what there is, looks at it, and writes the platform file.
  func initialize() throws -> ExitCode {
    let file = try initialFile()
    let folder = Paths.folder(of: file)
    var survey = PlatformSurvey(folder: folder, current: try currentFolder(), console: console)
    let given = invocation.value("name") ?? ""
    let name = given.isEmpty ? Paths.name(of: folder) : given
    try survey.takeDatabases(invocation.values("source"), passwordFile: sourcePassword)
    for text in invocation.values("accesslog") { try survey.takeAccesslog(text) }
    for text in invocation.values("samba-audit") { try survey.takeSambaAudit(text, domain: name) }
    if asksQuestions { try interview(&survey, name: name) }
    guard !survey.isEmpty else {
      throw CommandLineError(
        .usage, doing: "describe the platform", reason: "no source is named",
        advice: "locktender init --source sqlite:PATH, or --accesslog FILE, or --samba-audit FILE")
    }
    try survey.requirePairs()
    try survey.takeDestination(
      invocation.value("destination"), configuration: invocation.value("configuration"),
      passwordFile: destinationPassword)
    try write(PlatformText(name: name, survey: survey).text, to: file)
    if console.isJSON {
      try printJSON(["file": file])
    } else {
      console.result(file)
      console.talk("next: \(command("check"))")
    }
    return .done
  }

  private var asksQuestions: Bool { isInteractive && !invocation.flag("yes") }

  private func initialFile() throws -> String {
    let file = Paths.join(try currentFolder(), invocation.value("platform") ?? Platform.fileName)
    guard try Files.exists(file), !invocation.flag("force") else { return file }
    throw CommandLineError(
      .usage, doing: "describe the platform", reason: "\(file) is there already",
      advice: "edit it, or give --force to replace it; the old one is kept as .bak")
  }

  private var sourcePassword: String? { invocation.value("source-password-file") }
  private var destinationPassword: String? { invocation.value("destination-password-file") }

  /// Asks for what the options did not say.
  private func interview(_ survey: inout PlatformSurvey, name: String) throws {
    let prompt = Prompt(console: console)
    if survey.isEmpty {
      console.talk(
        "A database is written sqlite:PATH or postgresql://USER@HOST/DATABASE; empty means none, or no more.")
    }
    askForOtherHalf(&survey, prompt)
    while invocation.values("source").isEmpty {
      guard let text = prompt.ask("Database of the old service"), !text.isEmpty else { break }
      told { try survey.takeDatabases([text], passwordFile: sourcePassword) }
      askForOtherHalf(&survey, prompt)
    }
    while invocation.values("accesslog").isEmpty {
      guard let text = prompt.ask("Accesslog of slapd (an LDIF file, or ldaps://HOST)"), !text.isEmpty else {
        break
      }
      told { try survey.takeAccesslog(text) }
    }
    while invocation.values("samba-audit").isEmpty {
      guard let text = prompt.ask("Audit log of Samba (a file)"), !text.isEmpty else { break }
      told { try survey.takeSambaAudit(text, domain: name) }
    }
    if invocation.value("destination") == nil {
      let proposal = try survey.proposedDestination()
      while !survey.hasDestination {
        guard let text = prompt.ask("History database of the new service", proposal: proposal), !text.isEmpty else {
          break
        }
        let configuration =
          invocation.value("configuration") ?? prompt.ask("Configuration database of the new service") ?? ""
        told {
          try survey.takeDestination(
            text, configuration: configuration.isEmpty ? nil : configuration,
            passwordFile: destinationPassword)
        }
      }
    }
  }

  private func askForOtherHalf(_ survey: inout PlatformSurvey, _ prompt: Prompt) {
    while survey.waitsForPair {
      guard let text = prompt.ask("The other database of that service"), !text.isEmpty else { return }
      told { try survey.takeDatabases([text], passwordFile: sourcePassword) }
    }
  }

  /// What goes wrong with an answer is told, and the question asked again.
  private func told(_ act: () throws -> Void) {
    do {
      try act()
    } catch {
      for line in ErrorDisplay(error).lines(style: console.talkStyle) { console.complain(line) }
    }
  }

  private func write(_ text: String, to file: String) throws {
    // What is written must be what is read.
    let platform = try Platform(parsing: text, file: file, systems: KnownSystem.all.map(\.name))
    for system in KnownSystem.all {
      if let section = platform.sections[system.name] { _ = try system.secrets(section, platform.folder) }
    }
    if try Files.exists(file) { try Files.move(file, to: file + ".bak") }
    try Files.write(text, to: file, permissions: 0o600, replacing: false)
  }
}
