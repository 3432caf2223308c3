internal import Base
public import Database
public import Migration

/// Opens a connection as an import would, tries what an import needs, and tells what the way is made of: login,
/// rights, time, encryption.
///
/// Writes nothing that stays; blocks.
public struct ConnectionTest: Sendable {
  public private(set) var facts: [Fact] = []
  /// What passes included.
  public private(set) var findings: [Finding] = []
  /// What the database says it is; nil where it is blank, absent or could not be read.
  public private(set) var identity: DatabaseIdentity?

  private let connection: NamedConnection
  private let location: DatabaseLocation
  private let options: ConnectOptions

  /// - Parameter password: lends the password where the server asks for one.
  public init(_ connection: NamedConnection, password: ConnectOptions.PasswordLender?) {
    self.init(connection, location: connection.location, password: password)
  }

  /// The same for another location in its stead.
  public init(_ connection: NamedConnection, location: DatabaseLocation, password: ConnectOptions.PasswordLender?) {
    self.connection = connection
    self.location = location
    options = ConnectOptions(
      access: connection.isWritten && location.path == nil ? .readWrite : .readOnly, connectTimeout: 10,
      password: password)
    add("location", "Location", .text(location.description))
    do {
      try run()
    } catch {
      let isAbsent = (error as? DatabaseError)?.code == .noSuchDatabase
      findings.append(
        isAbsent && connection.isWritten
          ? absent()
          : Finding(
            "connection.opens", rule: "D54", .block, about: connection.name, explain(error),
            remedy: advice(for: error) ?? "correct the location in the platform file"))
    }
  }

  private mutating func run() throws {
    if let path = location.path, try !Files.exists(path) {
      findings.append(absent())
      if connection.isWritten { findings.append(try DestinationFileRights(path: path).finding()) }
      return
    }
    let clock = SystemClock()
    let started = clock.now()
    let open = try Connection.open(location, options: options)
    let server = try open.serverFacts()
    add("server", "Server", .text("\(server.engine.rawValue) \(server.version)"))
    add("login", "Login took", .text("\(milliseconds(clock.now().seconds(since: started))) ms"))
    add("latency", "Answers within", .text("\(milliseconds(try ConnectionTest.latency(open))) ms"))
    tell(server)
    findings.append(ConnectionChecks.encryption(connection.name, location, server))
    findings += try ConnectionChecks.others(connection.name, location, on: open, now: clock.now())
    let (location, options) = (location, options)
    if let pooled = try PoolerChecks.finding(
      connection.name, open: { try Connection.open(location, options: options) })
    {
      findings.append(pooled)
    }
    let rights = try rights(open)
    findings += rights
    // Who may not read it would hear of that once more.
    if !rights.contains(where: { $0.blocks }), try !open.catalogue().tables.isEmpty { try identify(open) }
    findings.append(Finding("connection.opens", rule: "D54", .pass, about: connection.name, "the login works"))
  }

  /// The median of five round trips, in seconds.
  private static func latency(_ open: Connection) throws -> Double {
    var trips: [Double] = []
    for _ in 0..<5 {
      let started = ContinuousClock.now
      _ = try open.integer("SELECT 1")
      let (seconds, attoseconds) = (ContinuousClock.now - started).components
      trips.append(Double(seconds) + Double(attoseconds) / 1e18)
    }
    return trips.sorted()[2]
  }

  private mutating func identify(_ open: Connection) throws {
    let found = try open.transaction(.readOnlySnapshot) { try DatabaseIdentity.read(from: open) }
    identity = found
    add("holds", "Holds", .text("\(found.type.rawValue) of \(found.release), \(found.id)"))
    if connection.half != .undivided { try found.require(connection.half) }
  }

  /// Found out by doing it: a destination takes a table, which is taken back; everything else is read.
  private func rights(_ open: Connection) throws -> [Finding] {
    if connection.isWritten {
      if let path = location.path { return [try DestinationFileRights(path: path).finding()] }
      return try DestinationRights(location: location, connection: open).findings()
    }
    if open.engine == .postgresql {
      return [try SourceRights(subject: connection.name, connection: open).finding()]
    }
    return [Finding("source.rights", rule: "D8", .pass, about: connection.name, "it can be read")]
  }

  private func absent() -> Finding {
    // The new service's history may be made by the import; everything else must be there.
    connection.isWritten
      ? Finding(
        "connection.opens", rule: "D54", .warn, about: connection.name, "the database is not there yet",
        remedy: "an import makes it")
      : Finding(
        "connection.opens", rule: "D54", .block, about: connection.name, "the file is not there",
        remedy: "correct the location in the platform file")
  }

  // MARK: Facts

  private mutating func add(_ key: String, _ label: String, _ value: Fact.Value) {
    facts.append(Fact("\(connection.name).\(key)", label, of: connection.name, value))
  }

  private mutating func tell(_ server: ServerFacts) {
    guard server.engine == .postgresql else { return }
    add("user", "User", .text(server.user))
    guard let tls = server.tls else { return }
    add("tls", "Encryption", .text("\(tls.version), \(tls.cipher)"))
    guard let certificate = tls.certificate else { return }
    add("certificate.subject", "Certificate of", .text(certificate.subject))
    add("certificate.issuer", "Issued by", .text(certificate.issuer))
    add("certificate.names", "For the names", .text(certificate.names.joined(separator: ", ")))
    add("certificate.until", "Valid until", .instant(certificate.notAfter))
  }
}

extension NamedConnection {
  /// Whether an import writes to it: the new service's history is all it writes to.
  fileprivate var isWritten: Bool { isDestination && half == .history }
}

private func milliseconds(_ seconds: Double) -> String {
  let hundredths = Int((max(0, seconds) * 100_000).rounded())
  return "\(hundredths / 100).\(hundredths % 100 / 10)\(hundredths % 10)"
}
