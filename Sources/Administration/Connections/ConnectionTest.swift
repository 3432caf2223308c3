public import Base
internal import Database
public import Migration

/// What `administration connection test` found: that the login works, what it may do, how far the server is, and how
/// the way to it is protected.
public struct ConnectionTest: Sendable, Codable, Equatable {
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
  let name: ConnectionName
  let location: DatabaseLocation
  let options: ConnectOptions
  let clock: any Clock
  let resolve: HostName.Resolver

  func run() throws -> ConnectionTest {
    let started = clock.now()
    let connection = try Connection.open(location, options: options)
    let facts = try connection.serverFacts()
    let connected = clock.now().seconds(since: started) * 1000
    var trips: [Double] = []
    for _ in 0..<5 {
      let start = ContinuousClock.now
      _ = try connection.integer("SELECT 1")
      let (seconds, attoseconds) = (ContinuousClock.now - start).components
      trips.append(Double(seconds) * 1000 + Double(attoseconds) / 1e15)
    }
    let identity = try identity(connection)
    return ConnectionTest(
      name: name.description, location: location.description,
      user: connection.engine == .postgresql ? facts.user : nil, serverVersion: facts.version,
      connectMilliseconds: connected, latencyMilliseconds: trips.sorted()[2], encryption: encryption(facts),
      identity: identity, findings: try findings(connection, facts))
  }

  private func identity(_ connection: Connection) throws -> UniqueID? {
    guard try connection.catalogue()["product_info"] != nil else { return nil }
    return try DatabaseIdentity.read(from: connection).id
  }

  private func encryption(_ facts: ServerFacts) -> ConnectionTest.Encryption? {
    guard let tls = facts.tls, let address = location.postgres else { return nil }
    let certificate = tls.certificate
    return ConnectionTest.Encryption(
      version: tls.version, cipher: tls.cipher, keyBits: tls.keyBits, subject: certificate?.subject,
      issuer: certificate?.issuer, names: certificate?.names ?? [], validFrom: certificate?.notBefore,
      validUntil: certificate?.notAfter, comparedName: address.tlsMode == .verifyFull ? address.host : nil)
  }

  private func findings(_ connection: Connection, _ facts: ServerFacts) throws -> [Finding] {
    guard connection.engine == .postgresql else { return [try file(connection)] }
    var findings = [ConnectionChecks.encryption(name.subject, location, facts)]
    findings += try ConnectionChecks.others(
      name.subject, location, on: connection, now: clock.now(), resolve: resolve)
    if let pooled = try PoolerChecks.finding(
      name.subject, open: { try Connection.open(location, options: options) })
    {
      findings.append(pooled)
    }
    if name.isDestination {
      findings += try DestinationRights(location: location, connection: connection).findings()
    } else {
      findings.append(try SourceRights(subject: name.subject, connection: connection).finding())
    }
    return findings
  }

  /// A destination's file takes a table, which is taken back; a source's is read.
  private func file(_ connection: Connection) throws -> Finding {
    if name.isDestination {
      try connection.begin(.immediate)
      // The transaction is given up, whatever happens.
      defer { try? connection.rollBack() }
      try connection.execute("CREATE TABLE locktender_probe (id integer)")
    } else {
      _ = try connection.catalogue()
    }
    return Finding(
      name.isDestination ? "destination.rights" : "source.rights", rule: "D54", .pass, about: name.subject,
      name.isDestination ? "the file can be written to: tried, and taken back" : "the file can be read")
  }
}
