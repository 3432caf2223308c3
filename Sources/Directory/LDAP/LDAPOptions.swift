internal import Base

/// How a connection to a directory server is made and protected.
public struct LDAPOptions: Sendable {
  /// Protects an `ldap://` connection before anything is said on it; the connection fails where the server cannot.
  public var startTLS = false
  /// A PEM file with the certificates of the authorities to trust; nil for those of the system.
  public var authorityFile: String?
  /// Accepts any certificate, so that anybody on the way can read and change everything. For tests only.
  public var trustsAnyServerWithoutChecking = false
  /// Lets a password go over the network in clear. Never needed for `ldapi://` and for this machine.
  public var sendsPasswordsInClear = false
  /// For reaching the server, TLS included.
  public var connectTimeout = Duration.seconds(10)
  /// For each single answer.
  public var answerTimeout = Duration.seconds(60)

  public init() {}

  static let systemAuthorityFile = "/etc/ssl/certs/ca-certificates.crt"
}

/// The address of a directory server: `ldap://host:389`, `ldaps://host:636`, `ldapi://%2Frun%2Fslapd%2Fldapi`.
public struct LDAPAddress: Sendable, Hashable, CustomStringConvertible {
  enum Scheme: String { case ldap, ldaps, ldapi }

  let scheme: Scheme
  let host: String
  public let description: String

  /// - Throws: `invalidName` for another scheme, and for anything behind host and port.
  public init(_ text: String) throws(DirectoryError) {
    func refuse(_ reason: String) -> DirectoryError {
      DirectoryError(
        .invalidName, doing: "read a server address", reason: reason,
        advice: "write ldap://HOST, ldaps://HOST, or ldapi://%2FPATH%2FOF%2FSOCKET")
    }
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, parts[1].hasPrefix("//"), let scheme = Scheme(rawValue: parts[0].lowercased()) else {
      throw refuse("not an LDAP address")
    }
    var place = String(parts[1].dropFirst(2))
    if place.hasSuffix("/") { place.removeLast() }
    // A user name before an @ is nothing that LDAP addresses have, and could hide the host from a reader.
    guard !place.isEmpty, !place.contains(where: { "/?#@, \\".contains($0) || !$0.isASCII }) else {
      throw refuse("something else than host and port")
    }
    self.scheme = scheme
    if place.hasPrefix("[") {
      guard let end = place.firstIndex(of: "]") else { throw refuse("an IPv6 address without end") }
      host = String(place[place.index(after: place.startIndex)..<end])
    } else {
      host = String(place.split(separator: ":", omittingEmptySubsequences: false)[0])
    }
    guard !host.isEmpty else { throw refuse("no host") }
    description = "\(scheme.rawValue)://\(place)"
  }

  /// Whether what is said stays on this machine.
  public var isLocal: Bool { scheme == .ldapi || isLoopback(host) }
}
