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
    let text = url.lowercased()
    if text.hasPrefix("ldapi:") { return true }
    guard let start = text.range(of: "://") else { return false }
    let place = text[start.upperBound...].prefix { $0 != "/" }
    if place.hasPrefix("[::1]") { return true }
    let host = place.prefix { $0 != ":" }
    return host == "localhost"
      || (host.hasPrefix("127.") && host.split(separator: ".").allSatisfy { UInt8($0) != nil })
  }
}

extension String {
  /// Where a text stands in this one.
  fileprivate func range(of text: String) -> Range<String.Index>? {
    var start = startIndex
    while start < endIndex {
      if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
      start = index(after: start)
    }
    return nil
  }
}
