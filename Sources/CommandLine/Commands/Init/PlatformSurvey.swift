internal import Administration
internal import Base
internal import Database
internal import Migration

/// What a person named, looked at and put in order, before it is written down.
struct PlatformSurvey {
  struct Source {
    let name: String
    let kind: Kind

    enum Kind {
      case undivided(DatabaseLocation)
      case pair(configuration: DatabaseLocation, history: DatabaseLocation)
      case accesslogFile(String)
      case accesslogDirectory(url: String)
      case sambaAudit(files: [String], domain: String)
    }

    /// What was found, for the comment above it.
    let note: String
    var passwordFile: String?
    var promptsForPassword = false
  }

  private struct Half {
    let name: String?
    let location: DatabaseLocation
    let identity: DatabaseIdentity
    let access: Access
  }

  /// How a database was opened.
  struct Access {
    var passwordFile: String?
    var promptsForPassword = false
  }

  /// The platform file's: what the file says starts there.
  let folder: String
  /// What is typed starts here.
  private let current: String
  private let console: Console
  private(set) var sources: [Source] = []
  private(set) var destination:
    (history: DatabaseLocation, configuration: DatabaseLocation?, access: Access, note: String)?
  /// Databases whose other half has not been named yet.
  private var halves: [Half] = []

  init(folder: String, current: String, console: Console) {
    self.folder = folder
    self.current = current
    self.console = console
  }

  var isEmpty: Bool { sources.isEmpty && halves.isEmpty }
  var waitsForPair: Bool { !halves.isEmpty }
  var hasDestination: Bool { destination != nil }

  // MARK: Databases

  /// Looks at databases of old services and puts those together that belong together.
  ///
  /// - Throws: where one cannot be read, or is no database of the product.
  mutating func takeDatabases(_ texts: [String], passwordFile: String?) throws {
    let passwordFile = passwordFile.map { Paths.join(current, $0) }
    for text in texts {
      let (name, place) = named(text)
      let location = try location(place, of: "--source")
      let (found, access) = try look(at: location, passwordFile: passwordFile)
      guard case .service(let identity) = found else {
        throw CommandLineError(
          .usage, doing: "look at \(location)",
          reason: found == .absent ? "there is no such database" : "the database is empty",
          advice: "name a database of the old service")
      }
      console.talk("\(location): \(identity.type.rawValue) of \(identity.release), \(identity.id)")
      if identity.type == .undivided {
        add(.undivided(location), name: name, "version \(identity.release), one undivided database", access)
      } else {
        halves.append(Half(name: name, location: location, identity: identity, access: access))
        joinHalves()
      }
    }
  }

  /// Half of a service is no source: makes sure that none is left alone.
  func requirePairs() throws {
    guard let half = halves.first else { return }
    let other = half.identity.type == .history ? "configuration" : "history"
    throw CommandLineError(
      .usage, doing: "look at \(half.location)", reason: "it is one of two, and its \(other) database is not named",
      advice: "name both, each with --source")
  }

  private mutating func joinHalves() {
    for history in halves where history.identity.type == .history {
      guard
        let configuration = halves.first(where: {
          $0.identity.type == .configuration && $0.identity.id == history.identity.pairedConfiguration
        })
      else { continue }
      add(
        .pair(configuration: configuration.location, history: history.location),
        name: history.name ?? configuration.name, "version \(history.identity.release), two databases",
        history.access)
      halves.removeAll { $0.location == history.location || $0.location == configuration.location }
    }
  }

  /// Opens a database to see what it is; asks for a password where it wants one and somebody is there.
  private func look(
    at location: DatabaseLocation, passwordFile: String?
  ) throws -> (SourceProbe.Found, Access) {
    if let passwordFile {
      let found = try SourceProbe.database(location) { use in
        try SecretBytes.read(file: passwordFile).withBytes { use($0) }
      }
      return (found, Access(passwordFile: passwordFile))
    }
    do {
      return (try SourceProbe.database(location), Access())
    } catch let error as DatabaseError where error.code == .authentication && Prompt.isPossible {
      let found = try SourceProbe.database(location) { use in
        try SecretBytes.ask("Password for \(location): ").withBytes { use($0) }
      }
      return (found, Access(promptsForPassword: true))
    } catch let error as DatabaseError where error.code == .notADatabase {
      throw CommandLineError(
        .usage, doing: "look at \(location)",
        advice: "Name a log with --accesslog or --samba-audit; decrypt an encrypted database first.", cause: error)
    } catch let error as DatabaseError {
      throw CommandLineError(.system, doing: "look at \(location)", cause: error)
    }
  }

  // MARK: Logs

  mutating func takeAccesslog(_ text: String) throws {
    let (name, place) = named(text)
    if ["ldap://", "ldaps://", "ldapi://"].contains(where: place.hasPrefix) {
      let shows = try SourceProbe.accesslog(url: place, base: "cn=accesslog")
      console.talk(
        "\(place): a directory" + (shows ? " with an accesslog" : "; it shows its accesslog only after a login"))
      add(
        .accesslogDirectory(url: place), name: name ?? "accesslog",
        shows ? "read without a login" : "needs bind and password")
    } else {
      let path = Paths.join(current, place)
      do {
        try SourceProbe.accesslog(ldif: path)
      } catch {
        throw CommandLineError(
          .system, doing: "look at \(path)",
          advice: advice(for: error) ?? "name an accesslog in LDIF, as `slapcat -b cn=accesslog` writes it",
          cause: error)
      }
      console.talk("\(path): an accesslog")
      add(.accesslogFile(path), name: name ?? "accesslog", "an accesslog in LDIF")
    }
  }

  /// Several files of one name are one log.
  mutating func takeSambaAudit(_ text: String, domain: String) throws {
    let (given, place) = named(text)
    let path = Paths.join(current, place)
    try SourceProbe.sambaAudit(file: path)
    console.talk("\(path): a Samba audit log")
    let name = given ?? "samba"
    if let index = sources.firstIndex(where: { $0.name == name }),
      case .sambaAudit(let files, let domain) = sources[index].kind
    {
      sources[index] = Source(
        name: name, kind: .sambaAudit(files: files + [path], domain: domain), note: sources[index].note)
    } else {
      add(.sambaAudit(files: [path], domain: domain), name: name, "an audit log in JSON")
    }
  }

  // MARK: Destination

  /// A file that does not exist yet, named by version and number.
  func proposedDestination() throws -> String {
    let base = "history-\(Release.newest)"
    var name = base
    var number = 2
    while try Files.exists(Paths.join(folder, name + ".db")) {
      name = "\(base)-\(number)"
      number += 1
    }
    return "sqlite:" + (folder == current ? "" : folder + "/") + name + ".db"
  }

  /// - Parameter text: nil for the proposal.
  mutating func takeDestination(_ text: String?, configuration: String?, passwordFile: String?) throws {
    if destination != nil, text == nil { return }
    let history = try location(text ?? proposedDestination(), of: "--destination")
    let (found, access) = try look(at: history, passwordFile: passwordFile.map { Paths.join(current, $0) })
    let note: String
    switch found {
    case .absent: note = history.path == nil ? "is not there yet" : "will be made"
    case .blank: note = "is blank"
    case .service(let identity):
      try identity.require(.history)
      guard identity.release == .newest else {
        throw CommandLineError(
          .usage, doing: "look at \(history)", reason: "it is of version \(identity.release)",
          advice: "name a blank database, or the history of a \(Release.newest) service")
      }
      note = "is that of a \(identity.release) service, \(identity.id)"
    }
    console.talk("\(history): \(note)")
    let paired = try configuration.map { try self.configuration($0, of: found, access) }
    if paired == nil, found == .absent || found == .blank {
      console.talk("mind: a new history should name its service's configuration: --configuration LOCATION")
    }
    destination = (history, paired, access, note)
  }

  /// Makes sure that a configuration is that of the new service.
  private func configuration(
    _ text: String, of history: SourceProbe.Found, _ access: Access
  ) throws -> DatabaseLocation {
    let location = try location(text, of: "--configuration")
    guard case .service(let identity) = try look(at: location, passwordFile: access.passwordFile).0 else {
      throw CommandLineError(
        .usage, doing: "look at \(location)", reason: "there is no configuration",
        advice: "set up the new service first, or leave --configuration away")
    }
    try identity.require(.configuration)
    if case .service(let found) = history, let paired = found.pairedConfiguration, paired != identity.id {
      throw CommandLineError(
        .usage, doing: "look at \(location)", reason: "the history belongs to another configuration, \(paired)",
        advice: "name the configuration and the history of one service")
    }
    console.talk("\(location): \(identity.type.rawValue) of \(identity.release), \(identity.id)")
    return location
  }

  // MARK: Words

  private mutating func add(_ kind: Source.Kind, name: String?, _ note: String, _ access: Access = Access()) {
    let wanted = name ?? "main"
    var unique = wanted
    var number = 2
    while sources.contains(where: { $0.name == unique }) {
      unique = "\(wanted)-\(number)"
      number += 1
    }
    sources.append(
      Source(
        name: unique, kind: kind, note: note, passwordFile: access.passwordFile,
        promptsForPassword: access.promptsForPassword))
  }

  /// `NAME=LOCATION` taken apart; a location itself may hold an equals sign.
  private func named(_ text: String) -> (name: String?, place: String) {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, !parts[0].isEmpty, !parts[0].contains(where: { "/:?".contains($0) }) else {
      return (nil, text)
    }
    return (parts[0], parts[1])
  }

  /// - Parameter option: what it was given as, or would be.
  private func location(_ text: String, of option: String) throws -> DatabaseLocation {
    let location: DatabaseLocation
    do throws(DatabaseError) {
      if text.hasPrefix("sqlite:") {
        let path = String(text.dropFirst("sqlite:".count))
        return try DatabaseLocation("sqlite:" + (path.isEmpty ? "" : Paths.join(current, path)))
      }
      location = try DatabaseLocation(text)
    } catch {
      throw CommandLineError(.usage, doing: "read \(option)", cause: error)
    }
    // A short name that nobody can complete is told by the checks.
    guard let full = try? location.withFullHostName(), full != location else { return location }
    console.talk("in full: \(full)")
    return full
  }
}
