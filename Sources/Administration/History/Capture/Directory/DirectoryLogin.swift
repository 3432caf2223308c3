internal import Base
internal import Directory

/// How a directory is reached and logged in to.
struct DirectoryLogin: Sendable {
  /// Lends nil where no password is configured.
  typealias PasswordLender = @Sendable () throws -> SecretBytes?

  let url: String
  let bind: String?
  /// A file of certificates to trust instead of the system's.
  let authorityFile: String?
  let password: PasswordLender

  /// Connects, protects the connection, and logs in: by name and password; over a local socket without a name as the
  /// user of this process; else not at all.
  func connect() throws -> LDAPConnection {
    let address = try LDAPAddress(url)
    var options = LDAPOptions()
    options.startTLS = isProtectedByStartTLS
    options.authorityFile = authorityFile
    var connection = try LDAPConnection(address, options: options)
    if let bind {
      guard let secret = try password() else {
        throw AdministrationError(
          .unusable, doing: "log in to \(url)", reason: "no password is configured for \(bind)",
          advice: "add password to the source in platform.json5")
      }
      let bytes = secret.copy()
      try bytes.withBytes { (span: Span<UInt8>) throws(DirectoryError) in
        try connection.bind(as: bind, password: span)
      }
    } else if url.hasPrefix("ldapi:") {
      try connection.bindAsThisUser()
    }
    return connection
  }

  /// `ldap://` is protected by STARTTLS, unless it does not leave this machine.
  var isProtectedByStartTLS: Bool { url.lowercased().hasPrefix("ldap:") && !isLocal }

  var isLocal: Bool {
    // What is no address is refused when it is connected to.
    (try? LDAPAddress(url))?.isLocal ?? false
  }
}
