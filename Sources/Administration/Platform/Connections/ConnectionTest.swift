internal import Base
public import Database
public import Migration

/// Opens a connection as the service would, and tells what it is made of: login, rights, time, encryption.
///
/// Reads only; blocks.
public struct ConnectionTest: Sendable {
  public let facts: [Fact]
  /// What passes included.
  public let findings: [Finding]
  /// What the database says it is; nil where it is blank, absent or could not be read.
  public let identity: DatabaseIdentity?

  /// - Parameter password: lends the password where the server asks for one.
  public init(_ connection: NamedConnection, password: ConnectOptions.PasswordLender?) {
    self.init(connection, location: connection.location, password: password)
  }

  /// The same for another location in its stead.
  public init(_ connection: NamedConnection, location: DatabaseLocation, password: ConnectOptions.PasswordLender?) {
    var facts = [
      Fact("\(connection.name).location", "Location", of: connection.name, .text(location.description))
    ]
    var findings: [Finding] = []
    var identity: DatabaseIdentity?
    do {
      if let path = location.path, try !Files.exists(path) {
        findings.append(ConnectionTest.absent(connection))
      } else {
        let started = SystemClock().now()
        let open = try Connection.open(
          location, options: ConnectOptions(access: .readOnly, connectTimeout: 10, password: password))
        let opened = SystemClock().now()
        let server = try open.serverFacts()
        _ = try open.integer("select 1")
        let asked = SystemClock().now()
        facts += ConnectionTest.facts(connection.name, server, login: opened.seconds(since: started))
        facts.append(
          Fact(
            "\(connection.name).latency", "Answer after", of: connection.name,
            .text("\(milliseconds(asked.seconds(since: opened))) ms")))
        findings.append(ConnectionChecks.encryption(connection.name, location, server))
        findings += try ConnectionChecks.others(connection.name, location, on: open, now: SystemClock().now())
        if connection.isDestination, server.isPooled { findings.append(ConnectionTest.pooled(connection)) }
        if try !open.catalogue().tables.isEmpty {
          identity = try open.transaction(.readOnlySnapshot) { try DatabaseIdentity.read(from: open) }
          if connection.half != .undivided { try identity?.require(connection.half) }
        }
        findings.append(
          Finding("connection.opens", rule: "D54", .pass, about: connection.name, "the login works"))
      }
    } catch {
      findings.append(
        Finding(
          "connection.opens", rule: "D54", .block, about: connection.name, explain(error),
          remedy: advice(for: error) ?? "correct the location in the platform file"))
    }
    if let identity {
      facts.append(
        Fact(
          "\(connection.name).holds", "Holds", of: connection.name,
          .text("\(identity.type.rawValue) of \(identity.release), \(identity.id)")))
    }
    self.facts = facts
    self.findings = findings
    self.identity = identity
  }

  private static func absent(_ connection: NamedConnection) -> Finding {
    // The new service's history may be made by the import; everything else must be there.
    connection.isDestination
      ? Finding(
        "connection.opens", rule: "D54", .warn, about: connection.name, "the file is not there yet",
        remedy: "an import makes it")
      : Finding(
        "connection.opens", rule: "D54", .block, about: connection.name, "the file is not there",
        remedy: "correct the location in the platform file")
  }

  private static func facts(_ name: String, _ server: ServerFacts, login: Double) -> [Fact] {
    var facts = [
      Fact("\(name).server", "Server", of: name, .text("\(server.engine.rawValue) \(server.version)")),
      Fact("\(name).login", "Login took", of: name, .text("\(milliseconds(login)) ms")),
    ]
    guard server.engine == .postgresql else { return facts }
    facts.append(Fact("\(name).user", "User", of: name, .text(server.user)))
    facts.append(
      Fact("\(name).createsDatabases", "May create databases", of: name, .flag(server.canCreateDatabases)))
    guard let tls = server.tls else { return facts }
    facts.append(Fact("\(name).tls", "Encryption", of: name, .text("\(tls.version), \(tls.cipher)")))
    guard let certificate = tls.certificate else { return facts }
    facts += [
      Fact("\(name).certificate.subject", "Certificate of", of: name, .text(certificate.subject)),
      Fact("\(name).certificate.issuer", "Issued by", of: name, .text(certificate.issuer)),
      Fact(
        "\(name).certificate.names", "For the names", of: name, .text(certificate.names.joined(separator: ", "))),
      Fact("\(name).certificate.until", "Valid until", of: name, .instant(certificate.notAfter)),
    ]
    return facts
  }

  private static func pooled(_ connection: NamedConnection) -> Finding {
    Finding(
      "connection.pooled", rule: "D45", .block, about: connection.name,
      "a pooler stands between, so that locks of a session cannot be relied on",
      remedy: "name the server itself, or use the pooler in session mode")
  }
}

private func milliseconds(_ seconds: Double) -> String {
  let tenths = Int((max(0, seconds) * 10_000).rounded())
  return "\(tenths / 10).\(tenths % 10)"
}
