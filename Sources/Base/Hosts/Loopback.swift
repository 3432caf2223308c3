/// Whether a host is this machine whatever a name server says: `localhost` (RFC 6761, section 6.3), an IPv4 address of
/// 127.0.0.0/8 in four numbers, or `::1`, in brackets or not.
///
/// Decides whether a password may go in clear, so that it rather says no.
public func isLoopback(_ host: String) -> Bool {
  let name = host.lowercased()
  let numbers = name.split(separator: ".", omittingEmptySubsequences: false)
  return name == "localhost" || name == "::1" || name == "[::1]"
    || (numbers.count == 4 && numbers[0] == "127" && numbers.allSatisfy { UInt8($0) != nil })
}
