/// The name of what a verb works on: a system, or one part of it, as in `administration/history`.
public struct PartAddress: Hashable, Sendable, Codable, CustomStringConvertible {
  public let system: String
  public let part: String?

  public init(system: String, part: String? = nil) {
    self.system = system
    self.part = part
  }

  /// Reads `system` or `system/part`; nil for an empty or further divided name.
  public init?(_ text: some StringProtocol) {
    let names = text.split(separator: "/" as Character, omittingEmptySubsequences: false).map { String($0) }
    guard (1...2).contains(names.count), names.allSatisfy({ !$0.isEmpty }) else { return nil }
    self.init(system: names[0], part: names.count == 2 ? names[1] : nil)
  }

  public var description: String { part.map { "\(system)/\($0)" } ?? system }

  public init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    guard let address = PartAddress(text) else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "not a part's name"))
    }
    self = address
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
