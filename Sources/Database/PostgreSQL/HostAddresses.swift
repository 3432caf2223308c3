internal import Glibc

/// The numeric addresses of a host, in the order in which they should be tried (getaddrinfo(3), RFC 6724).
enum HostAddresses {
  /// - Returns: nothing where there is none or only one: libpq looks the name up as well, and tells what is wrong.
  static func of(_ host: String) -> [String] {
    var hints = unsafe addrinfo()
    unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var list: UnsafeMutablePointer<addrinfo>?
    guard unsafe getaddrinfo(host, nil, &hints, &list) == 0 else { return [] }
    defer { unsafe freeaddrinfo(list) }
    var addresses: [String] = []
    var next = unsafe list
    while let entry = unsafe next {
      if let text = unsafe numeric(entry.pointee), !addresses.contains(text) { addresses.append(text) }
      unsafe next = entry.pointee.ai_next
    }
    return addresses.count > 1 ? addresses : []
  }

  private static func numeric(_ entry: addrinfo) -> String? {
    var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
    let code = unsafe getnameinfo(
      entry.ai_addr, entry.ai_addrlen, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST)
    guard code == 0 else { return nil }
    return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
