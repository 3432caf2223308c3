internal import Administration
internal import Base
internal import Database
internal import Migration

extension CommandContext {
  func showConnections() throws -> ExitCode {
    let (_, connections) = try connections()
    if console.isJSON {
      try printJSON(connections.map(ConnectionLine.init))
      return .done
    }
    var table = TextTable([("connection", .left), ("location", .left), ("password", .left)])
    for connection in connections {
      let line = ConnectionLine(connection)
      table.add([line.name, line.location, line.password])
    }
    console.result(table.lines(width: Terminal.output.tableWidth, style: console.style))
    return .done
  }

  func testConnections() throws -> ExitCode {
    let (opened, all) = try connections()
    let wanted = invocation.arguments["NAME"] ?? []
    let chosen = try wanted.isEmpty ? all : wanted.map { try connection($0, among: all) }
    let tests = chosen.map { ConnectionTest($0, password: lender(for: $0, opened)) }
    return try show(tests)
  }

  /// Tests the new locations first, all of them, and then changes the platform file once.
  func setConnections() throws -> ExitCode {
    let (opened, all) = try connections()
    let file = opened.platform.file
    var changes: [ConnectionChange] = []
    let words = invocation.arguments["NAME LOCATION"] ?? []
    guard words.count.isMultiple(of: 2) else {
      throw CommandLineError(
        .usage, doing: "read the command line",
        reason: "\(quoted(words[words.count - 1])) has no location behind it",
        advice: "locktender help \(invocation.command.name)")
    }
    for index in stride(from: 0, to: words.count, by: 2) {
      let connection = try connection(words[index], among: all)
      changes.append(
        ConnectionChange(connection, to: try location(words[index + 1], folder: opened.platform.folder)))
    }
    let tests = changes.map {
      ConnectionTest($0.connection, location: $0.location, password: lender(for: $0.connection, opened))
    }
    let code = try show(tests)
    guard code == .done else {
      console.talk("the platform file stays as it is")
      return code
    }
    if !invocation.flag("another") { try refuseOthers(changes, tests, opened) }
    let text = try Files.readText(file, limit: 1 << 20)
    let changed = try ConnectionChange.apply(changes, to: text, of: file)
    // What is written must be what is read.
    let platform = try Platform(parsing: changed, file: file, systems: KnownSystem.all.map(\.name))
    if let section = platform.sections["administration"] {
      _ = try AdministrationSection(section, folder: platform.folder)
    }
    try Files.write(text, to: file + ".bak", permissions: 0o600)
    try Files.write(changed, to: file, permissions: Files.status(of: file).permissions & 0o777)
    for change in changes { console.talk("\(change.connection.name) is \(change.location) now") }
    return .done
  }

  // MARK: Parts

  private func connections() throws -> (OpenPlatform, [NamedConnection]) {
    let (opened, section) = try administration(doing: "look at the connections")
    return (opened, try section.connections())
  }

  private func connection(_ name: String, among all: [NamedConnection]) throws -> NamedConnection {
    if let found = all.first(where: { $0.name == name }) { return found }
    throw CommandLineError(
      .usage, doing: "find the connection",
      reason: "there is no \(quoted(name))\(didYouMean(name, among: all.map(\.name)))",
      advice: "connections here: \(all.map(\.name).joined(separator: ", "))")
  }

  /// A location as typed: a file's path starts at the platform file's folder, a server is named in full.
  private func location(_ text: String, folder: String) throws -> DatabaseLocation {
    if text.hasPrefix("sqlite:") {
      return try DatabaseLocation("sqlite:" + Paths.join(folder, String(text.dropFirst("sqlite:".count))))
    }
    let location = try DatabaseLocation(text)
    let full = try location.withFullHostName()
    if full != location { console.talk("in full: \(full)") }
    return full
  }

  private func lender(
    for connection: NamedConnection, _ opened: OpenPlatform
  ) -> ConnectOptions.PasswordLender {
    let secrets = opened.secrets
    return { use in
      guard let password = try secrets.secret(for: connection.secretName) else { return }
      password.withBytes { use($0) }
    }
  }

  /// A connection is moved with its database: another database in its place would be another service.
  private func refuseOthers(
    _ changes: [ConnectionChange], _ tests: [ConnectionTest], _ opened: OpenPlatform
  ) throws {
    let moved = Dictionary(
      zip(changes, tests).map { ($0.connection.name, $1) }, uniquingKeysWith: { $1 })
    for (change, test) in zip(changes, tests) {
      let known = try identity(of: change.connection, moved, opened)
      if let known, known == test.identity?.id { continue }
      throw CommandLineError(
        .usage, doing: "change \(change.connection.name)",
        reason: known.map {
          "there is another database than the one named so far (\(test.identity?.id.description ?? "blank") instead of \($0))"
        } ?? "the place named so far does not answer, and no run or plan tells what was there",
        advice: "give --another if \(test.identity?.id.description ?? "a place without a database") is meant")
    }
  }

  /// What is at the place that is named so far: what it says, or, once it has moved, what its history says of a
  /// configuration, and runs and plans say of the others.
  private func identity(
    of connection: NamedConnection, _ moved: [String: ConnectionTest], _ opened: OpenPlatform
  ) throws -> UniqueID? {
    let own = ConnectionTest(connection, password: lender(for: connection, opened)).identity?.id
    if let own { return own }
    let words = connection.secretName.split(separator: ".").joined(separator: " ")
    if connection.half != .configuration {
      return try opened.engine.rememberedIdentity(of: words, at: connection.location.description)
    }
    guard let history = moved[connection.secretName] else { return nil }
    return history.identity?.pairedConfiguration
  }

  private func show(_ tests: [ConnectionTest]) throws -> ExitCode {
    let findings = tests.flatMap(\.findings)
    let isBlocked = findings.contains(where: \.blocks)
    if console.isJSON {
      try printJSON(TestResult(blocks: isBlocked, facts: tests.flatMap(\.facts), findings: findings))
    } else {
      console.result(FactText(tests.flatMap(\.facts), style: console.style).lines())
      console.result("")
      console.result(
        FindingText(
          style: console.style, width: min(100, Terminal.output.width), listsPassing: console.isVerbose
        ).lines(findings))
    }
    return isBlocked ? .blocked : .done
  }

  private struct TestResult: Encodable {
    let blocks: Bool
    let facts: [Fact]
    let findings: [Finding]
  }
}

/// A connection as lists show it.
private struct ConnectionLine: Encodable {
  let name: String
  let location: String
  let password: String

  init(_ connection: NamedConnection) {
    name = connection.name
    location = connection.location.description
    password =
      switch connection.password {
      case .file(let path): "file \(path)"
      case .environment(let variable): "environment \(variable)"
      case .prompt: "asked for"
      case nil: "none"
      }
  }
}
