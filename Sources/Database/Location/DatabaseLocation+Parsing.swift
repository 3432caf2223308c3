internal import Base
internal import Glibc

extension DatabaseLocation {
  /// Reads a location as a person writes it.
  ///
  /// - Parameter folder: where paths in it start from; nil for the current folder.
  /// - Throws: `unsupported` with advice; a text with a password in it is refused, whatever its form.
  public init(_ text: String, relativeTo folder: String? = nil) throws(DatabaseError) {
    // A C library would read a name only up to a NUL, and so another name.
    guard !text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) else {
      throw DatabaseLocation.refused("a control character stands in it", "Write the location without it.")
    }
    if let rest = text.dropping(prefix: "sqlite:") {
      guard !rest.isEmpty else {
        throw DatabaseLocation.refused("the path is missing", "Write `sqlite:path/to/file.db`.")
      }
      self = .sqlite(path: Paths.join(folder ?? "", DatabaseLocation.path(rest)))
    } else if let rest = text.dropping(prefix: "postgresql://") ?? text.dropping(prefix: "postgres://") {
      self.init(.postgresql(try DatabaseLocation.postgres(rest, folder)))
    } else if let rest = text.dropping(prefix: "odbc:") {
      self.init(.odbc(try DatabaseLocation.odbc(rest)))
    } else if unsafe access(text, F_OK) == 0 {
      self = .sqlite(path: DatabaseLocation.path(text))
    } else {
      throw DatabaseLocation.refused(
        "neither an existing file nor a known form",
        "Write `sqlite:path/to/file.db`, `postgresql://user@host/database` or `odbc:DSN=name`.")
    }
  }

  /// One text, as ``description`` prints it.
  public init(from decoder: any Decoder) throws {
    self = try DatabaseLocation(decoder.singleValueContainer().decode(String.self))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }

  /// `sqlite:///x` is `/x`, as in a URL.
  private static func path(_ text: String) -> String {
    text.hasPrefix("///") ? "/" + text.drop { $0 == "/" } : text
  }

  private static func refused(_ reason: String, _ advice: String) -> DatabaseError {
    DatabaseError(.unsupported, doing: "read the location of a database", reason: reason, advice: advice)
  }

  private static let passwordAdvice =
    "Take the password out of the address, change it if anybody may have seen it, and give it as a secret."

  private static func postgres(_ text: String, _ folder: String?) throws(DatabaseError) -> PostgresAddress {
    let halves = text.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    let place = halves[0].split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    var authority = place[0]
    var user: String?
    if let at = authority.lastIndex(of: "@") {
      let name = authority[..<at]
      if name.contains(":") { throw refused("a password stands in the address", passwordAdvice) }
      user = try decoded(name)
      authority = authority[authority.index(after: at)...]
    }
    guard place.count == 2, !place[1].isEmpty, !place[1].contains("/") else {
      throw refused("the database's name is missing or malformed", "Write `postgresql://user@host/database`.")
    }
    let (host, port) = try hostAndPort(authority)
    var address = PostgresAddress(host: host, port: port, user: user, database: try decoded(place[1]))
    if halves.count == 2 {
      for pair in halves[1].split(separator: "&") { try set(pair, in: &address, folder) }
    }
    guard !address.host.isEmpty else {
      throw refused(
        "the host is missing", "Name a host, or the folder of a Unix socket as `?host=/var/run/postgresql`.")
    }
    return address
  }

  private static func hostAndPort(_ authority: Substring) throws(DatabaseError) -> (String, Int) {
    var host = authority
    var port: Substring?
    if authority.hasPrefix("[") {
      guard let end = authority.firstIndex(of: "]") else {
        throw refused("a bracket is not closed", "Write an IPv6 address as `[::1]`.")
      }
      host = authority[authority.index(after: authority.startIndex)..<end]
      let rest = authority[authority.index(after: end)...]
      guard rest.isEmpty || rest.hasPrefix(":") else {
        throw refused("something stands behind the bracket", "Write `[::1]` or `[::1]:5432`.")
      }
      if !rest.isEmpty { port = rest.dropFirst() }
    } else if let colon = authority.lastIndex(of: ":") {
      host = authority[..<colon]
      port = authority[authority.index(after: colon)...]
      guard !host.contains(":") else {
        throw refused("an IPv6 address without brackets", "Write it as `[::1]` or `[::1]:5432`.")
      }
    }
    guard !host.contains(where: { "[]".contains($0) }) else {
      throw refused("a bracket stands within the host", "Write an IPv6 address as `[::1]`.")
    }
    guard let port else { return (try decoded(host), 5432) }
    guard let number = Int(port), (1...65535).contains(number) else {
      throw refused("the port is no number from 1 to 65535", "Write `host:5432`.")
    }
    return (try decoded(host), number)
  }

  private static func set(
    _ pair: Substring, in address: inout PostgresAddress, _ folder: String?
  ) throws(DatabaseError) {
    let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let key = String(parts[0])
    let value = parts.count == 2 ? try decoded(parts[1]) : ""
    switch key {
    case "password", "sslpassword": throw refused("a password stands in the address", passwordAdvice)
    case "host":
      guard value.hasPrefix("/") else {
        throw refused("`host=` takes the folder of a Unix socket", "Write a host name before the slash instead.")
      }
      address.host = value
    case "sslmode":
      guard let mode = TLSMode(rawValue: value) else {
        throw refused(
          "an unknown sslmode", "Use one of \(TLSMode.allCases.map(\.rawValue).joined(separator: ", ")).")
      }
      address.tlsMode = mode
    case "sslrootcert": address.rootCertificate = absolute(Paths.join(folder ?? "", value))
    case "sslcert": address.clientCertificate = absolute(Paths.join(folder ?? "", value))
    case "sslkey": address.clientKey = absolute(Paths.join(folder ?? "", value))
    case "schema": address.schema = value.isEmpty ? nil : value
    default:
      throw refused(
        "unknown parameter `\(key)`", "Known are host, schema, sslcert, sslkey, sslmode and sslrootcert.")
    }
  }

  private static func odbc(_ text: String) throws(DatabaseError) -> String {
    guard !text.isEmpty else { throw refused("the data source is missing", "Write `odbc:DSN=name`.") }
    for pair in text.split(separator: ";") {
      let key = pair.prefix { $0 != "=" }.lowercased().filter { $0 != " " }
      if key == "pwd" || key == "password" { throw refused("a password stands in the address", passwordAdvice) }
    }
    return text
  }

  private static func decoded(_ text: Substring) throws(DatabaseError) -> String {
    guard let plain = percentDecoded(text) else {
      throw refused("a percent sign without two hexadecimal digits", "Write a percent sign as `%25`.")
    }
    return plain
  }
}

extension String {
  func dropping(prefix: String) -> String? { hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil }
}

/// RFC 3986 section 2.1; nil for a broken escape, an escaped NUL, or bytes that are not UTF-8.
func percentDecoded(_ text: some StringProtocol) -> String? {
  var plain: [UInt8] = []
  var rest = text.utf8.makeIterator()
  while let byte = rest.next() {
    guard byte == UInt8(ascii: "%") else {
      plain.append(byte)
      continue
    }
    guard let high = rest.next(), let low = rest.next(),
      let decoded = bytes(hexadecimal: String(decoding: [high, low], as: UTF8.self)), decoded[0] != 0
    else { return nil }
    plain.append(decoded[0])
  }
  return String(validating: plain, as: UTF8.self)
}

/// Escapes all but RFC 3986's unreserved characters and those to keep.
func percentEncoded(_ text: String, keeping kept: String = "") -> String {
  let plain = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~".utf8).union(kept.utf8)
  var encoded = ""
  for byte in text.utf8 {
    if plain.contains(byte) {
      encoded.unicodeScalars.append(Unicode.Scalar(byte))
    } else {
      encoded += "%" + hexadecimal([byte]).uppercased()
    }
  }
  return encoded
}
