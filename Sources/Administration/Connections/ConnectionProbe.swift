public import Base
internal import Database
public import Migration

/// What `administration connection test` found: that the login works, what it may do, how far the server is, and how
/// the way to it is protected.
public struct ConnectionProbe: Sendable, Codable, Equatable {
  /// How an encrypted connection is protected, and by whom.
  public struct Encryption: Sendable, Codable, Equatable {
    /// `TLSv1.3`.
    public let version: String
    public let cipher: String
    public let keyBits: Int
    public let subject: String?
    public let issuer: String?
    /// The names and addresses that the certificate is valid for.
    public let names: [String]
    public let validFrom: Timestamp?
    public let validUntil: Timestamp?
    /// The name that was compared with those; nil where the mode compares none.
    public let comparedName: String?
  }

  public let name: String
  public let location: String
  /// Nil for a file.
  public let user: String?
  /// `15.20`, or that of the library for a file.
  public let serverVersion: String
  /// To the first answer, login included.
  public let connectMilliseconds: Double
  /// The median of five round trips.
  public let latencyMilliseconds: Double
  /// Nil where nothing is encrypted, or nothing leaves the machine.
  public let encryption: Encryption?
  public let identity: UniqueID?
  public let findings: [Finding]

  /// Whether the connection can be used for what it is there for.
  public var isUsable: Bool { !findings.contains { $0.blocks } }
}

/// Tries a connection out as its side of an import will use it. Writes nothing that stays.
struct ConnectionTrial {
  let connection: NamedConnection
  /// May be another than the one that the platform file has.
  let location: DatabaseLocation
  let options: ConnectOptions
  let clock: any Clock
  let resolve: HostName.Resolver

  func run() throws -> ConnectionProbe {
    let started = clock.now()
    let open = try Connection.open(location, options: options)
    let facts = try open.serverFacts()
    let connected = clock.now().seconds(since: started) * 1000
    var trips: [Double] = []
    for _ in 0..<5 {
      let start = ContinuousClock.now
      _ = try open.integer("SELECT 1")
      let (seconds, attoseconds) = (ContinuousClock.now - start).components
      trips.append(Double(seconds) * 1000 + Double(attoseconds) / 1e15)
    }
    let identity = try identity(open)
    return ConnectionProbe(
      name: connection.name, location: location.description,
      user: open.engine == .postgresql ? facts.user : nil, serverVersion: facts.version,
      connectMilliseconds: connected, latencyMilliseconds: trips.sorted()[2], encryption: encryption(facts),
      identity: identity, findings: try findings(open, facts))
  }

  private func identity(_ open: Connection) throws -> UniqueID? {
    guard try open.catalogue()["product_info"] != nil else { return nil }
    return try DatabaseIdentity.read(from: open).id
  }

  private func encryption(_ facts: ServerFacts) -> ConnectionProbe.Encryption? {
    guard let tls = facts.tls, let address = location.postgres else { return nil }
    let certificate = tls.certificate
    return ConnectionProbe.Encryption(
      version: tls.version, cipher: tls.cipher, keyBits: tls.keyBits, subject: certificate?.subject,
      issuer: certificate?.issuer, names: certificate?.names ?? [], validFrom: certificate?.notBefore,
      validUntil: certificate?.notAfter, comparedName: address.tlsMode == .verifyFull ? address.host : nil)
  }

  private func findings(_ open: Connection, _ facts: ServerFacts) throws -> [Finding] {
    let subject = connection.name
    guard open.engine == .postgresql else { return [try file(open)] }
    var findings = [ConnectionChecks.encryption(subject, location, facts)]
    findings += try ConnectionChecks.others(subject, location, on: open, now: clock.now(), resolve: resolve)
    if let pooled = try PoolerChecks.finding(subject, open: { try Connection.open(location, options: options) }) {
      findings.append(pooled)
    }
    if connection.isDestination {
      findings += try DestinationRights(location: location, connection: open).findings()
    } else {
      findings.append(try SourceRights(subject: subject, connection: open).finding())
    }
    return findings
  }

  /// A destination's file takes a table, which is taken back; a source's is read.
  private func file(_ open: Connection) throws -> Finding {
    if connection.isDestination {
      try open.begin(.immediate)
      // The transaction is given up, whatever happens.
      defer { try? open.rollBack() }
      try open.execute("CREATE TABLE locktender_probe (id integer)")
    } else {
      _ = try open.catalogue()
    }
    return Finding(
      connection.isDestination ? "destination.rights" : "source.rights", rule: "D54", .pass, about: connection.name,
      connection.isDestination ? "the file can be written to: tried, and taken back" : "the file can be read")
  }
}
