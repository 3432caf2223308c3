internal import Base
internal import Glibc

/// Names of hosts as people write them and as certificates and other machines need them.
struct HostName: Sendable {
  /// Gives the canonical name of a host, nil where the name service knows none.
  typealias Resolver = @Sendable (_ host: String) -> String?

  let text: String

  init(_ text: String) { self.text = text }

  /// An address in digits, of either family.
  var isAddress: Bool {
    var four = in_addr()
    var six = in6_addr()
    return unsafe inet_pton(AF_INET, text, &four) == 1 || inet_pton(AF_INET6, text, &six) == 1
  }

  /// A name that means something only within its own domain: `db1`. The machine itself, sockets and addresses are not.
  var isShort: Bool {
    let isHere = text.lowercased() == "localhost" || text.hasPrefix("/") || text.isEmpty
    return !isHere && !isAddress && !text.dropLast(text.hasSuffix(".") ? 1 : 0).contains(".")
  }

  /// The name with its domain.
  ///
  /// - Throws: `unusable` where the name service does not tell one.
  func qualified(_ resolve: Resolver = HostName.canonicalName) throws(AdministrationError) -> String {
    guard isShort else { return text }
    guard let name = resolve(text), !HostName(name).isShort, name.lowercased() != "localhost",
      !HostName(name).isAddress
    else {
      throw AdministrationError(
        .unusable, doing: "find the full name of \(text)", reason: "the name service tells none with a domain",
        advice: "write the host's full name, such as \(text).example.org, or correct the name service")
    }
    return name.hasSuffix(".") ? String(name.dropLast()) : name
  }

  /// As getaddrinfo(3) tells it. May take as long as the name service needs.
  static let canonicalName: Resolver = { host in
    var hints = unsafe addrinfo()
    unsafe hints.ai_flags = AI_CANONNAME
    unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var list: UnsafeMutablePointer<addrinfo>?
    guard unsafe getaddrinfo(host, nil, &hints, &list) == 0, let first = unsafe list else { return nil }
    defer { unsafe freeaddrinfo(first) }
    guard let name = unsafe first.pointee.ai_canonname else { return nil }
    return unsafe String(cString: name)
  }
}
