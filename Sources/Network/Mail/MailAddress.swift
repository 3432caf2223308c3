/// An address of a person or a program, with an optional name.
public struct MailAddress: Sendable, Hashable {
  public let address: String
  public let name: String

  /// - Throws: `invalidInput` for what is not `local@domain` in plain ASCII.
  public init(_ address: String, name: String = "") throws(NetworkError) {
    let parts = address.split(separator: "@", omittingEmptySubsequences: false)
    let isPlain = address.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"<>()[],;:\\\"".utf8.contains($0) }
    guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty, isPlain, address.utf8.count <= 254,
      !parts[1].hasPrefix("."), !parts[1].hasSuffix("."), !parts[1].contains(".."), !parts[1].hasPrefix("-")
    else {
      throw NetworkError(
        .invalidInput, doing: "read a mail address", reason: "not local@domain in plain ASCII",
        advice: "write a domain with letters outside of ASCII in its xn-- form")
    }
    self.address = address
    self.name = name
  }

  var domain: String { String(address.split(separator: "@")[1]) }

  /// The form of a header field.
  var headerText: String { name.isEmpty ? address : "\(encodedHeaderText(name))\r\n <\(address)>" }
}
