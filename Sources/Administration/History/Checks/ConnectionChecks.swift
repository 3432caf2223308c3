internal import Base
internal import Database
internal import Migration

/// What is asked of every connection to a server.
enum ConnectionChecks {
  /// How long before its end a certificate is spoken of.
  static let certificateWarning = 30 * 86_400.0

  /// Whether the way to the server is protected, and how that was found out.
  static func encryption(_ subject: String, _ location: DatabaseLocation, _ facts: ServerFacts) -> Finding {
    guard let address = location.postgres, !address.isSocket else {
      return Finding("connection.encrypted", rule: "D19", .pass, about: subject, "it does not leave this machine")
    }
    if let weak = location.weakTLS {
      let state =
        facts.tls != nil
        ? "the server takes part, but nobody proves that it is the right one"
        : facts.tlsIsConfigured
          ? "the server has ssl on, and this connection does not use it" : "nothing is encrypted"
      return Finding(
        "connection.encrypted", rule: "D52", .block, about: subject, "sslmode=\(weak.rawValue): \(state)",
        remedy: "take sslmode out of the location, so that verify-full holds; sslrootcert=FILE names your own CA",
        waivable: true)
    }
    guard let tls = facts.tls else {
      return Finding(
        "connection.encrypted", rule: "D19", .block, about: subject, "the connection is not encrypted",
        remedy: "turn ssl on at the server: ALTER SYSTEM SET ssl = on; SELECT pg_reload_conf()", waivable: true)
    }
    let authority = address.rootCertificate.map { "the authorities in \($0)" } ?? "the machine's authorities"
    return Finding(
      "connection.encrypted", rule: "D19", .pass, about: subject,
      "\(tls.version) with \(tls.cipher), verified by \(authority)")
  }

  /// Everything else that a person should know of the way to a server.
  ///
  /// - Parameter resolve: finds the full name of a host.
  static func others(
    _ subject: String, _ location: DatabaseLocation, on connection: Connection, now: Timestamp,
    resolve: HostName.Resolver = HostName.canonicalName
  ) throws -> [Finding] {
    guard let address = location.postgres, !address.isSocket else { return [] }
    let facts = try connection.serverFacts()
    var findings = [name(subject, address, resolve)]
    if let certificate = facts.tls?.certificate {
      findings.append(self.certificate(subject, address, certificate, now))
    }
    if let waiting = try waiting(on: connection, facts) {
      findings.append(
        Finding(
          "connection.active", rule: "D51", .warn, about: subject,
          "its settings of encryption are written down but not in force: \(waiting)",
          remedy: "SELECT pg_reload_conf(); where that does not help, restart the server"))
    }
    return findings
  }

  /// Which name was compared with which.
  private static func certificate(
    _ subject: String, _ address: PostgresAddress, _ certificate: PeerCertificate, _ now: Timestamp
  ) -> Finding {
    let names = certificate.names.isEmpty ? [certificate.subject] : certificate.names
    let compared =
      address.tlsMode == .verifyFull
      ? "\(address.host) was compared with \(names.joined(separator: ", "))"
      : "\(address.host) was compared with no name; it holds \(names.joined(separator: ", "))"
    let text = "\(compared); of \(certificate.issuer), valid until \(certificate.notAfter)"
    let left = certificate.notAfter.seconds(since: now)
    guard left < certificateWarning else {
      return Finding("connection.certificate", rule: "D50", .pass, about: subject, text)
    }
    return Finding(
      "connection.certificate", rule: "D19", .warn, about: subject, text,
      remedy: "renew the server's certificate: it ends in \(max(0, Int(left / 86_400))) days")
  }

  private static func name(_ subject: String, _ address: PostgresAddress, _ resolve: HostName.Resolver) -> Finding {
    let host = HostName(address.host)
    guard host.isShort else {
      return Finding(
        "connection.name", rule: "D53", .pass, about: subject,
        host.isAddress ? "the server is named by its address" : "the server is named by its full name")
    }
    var remedy = "write the host's full name into platform.json5"
    // Where the name service knows none, a person does.
    if let full = try? host.qualified(resolve) {
      var other = address
      other.host = full
      remedy = "locktender administration connection set \(setName(subject)) '\(other)'"
    }
    return Finding(
      "connection.name", rule: "D53", .warn, about: subject,
      "\(address.host) is a short name, which certificates and other machines may not know", remedy: remedy)
  }

  /// `source main` → `source.main`, as the verb takes it.
  private static func setName(_ subject: String) -> String { subject.split(separator: " ").joined(separator: ".") }

  /// Settings of encryption that stand in the server's files and do not hold yet, or could not be taken.
  private static func waiting(on connection: Connection, _ facts: ServerFacts) throws -> String? {
    let pending = facts.pendingRestart.filter { $0.hasPrefix("ssl") }
    if !pending.isEmpty { return pending.joined(separator: ", ") }
    do {
      return try connection.transaction(.deferred) {
        try connection.text(
          """
          SELECT string_agg(f.name || ' = ' || f.setting, ', ' ORDER BY f.name)
          FROM pg_file_settings f JOIN pg_settings s ON s.name = f.name
          WHERE f.name IN ('ssl', 'ssl_cert_file', 'ssl_key_file', 'ssl_ca_file', 'ssl_min_protocol_version')
            AND f.seqno = (SELECT max(g.seqno) FROM pg_file_settings g WHERE g.name = f.name)
            AND f.setting IS DISTINCT FROM s.setting
            AND (f.setting, s.setting) NOT IN (('on', 'on'), ('true', 'on'), ('1', 'on'), ('yes', 'on'))
          """)
      }
    } catch let error as DatabaseError {
      // Only administrators may read the files' settings; to others there is nothing to tell.
      if error.code == .permission { return nil }
      throw error
    }
  }
}
