public import Base

/// Something that was read from a system.
public struct Fact: Sendable, Codable, Equatable {
  public enum Value: Sendable, Equatable {
    case text(String)
    case count(Int)
    case bytes(Int)
    case instant(Timestamp)
    case flag(Bool)
    /// It could not be read. Never guessed.
    case unknown
  }

  /// A dotted key for programs: `source.main.version`.
  public let key: String
  /// What a person reads: `Version`.
  public let label: String
  /// What the fact is about: `source main`.
  public let subject: String
  public let value: Value

  public init(_ key: String, _ label: String, of subject: String, _ value: Value) {
    self.key = key
    self.label = label
    self.subject = subject
    self.value = value
  }
}

extension Fact.Value: Codable {
  private enum Key: String, CodingKey { case text, count, bytes, instant, flag, unknown }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    if let text = try container.decodeIfPresent(String.self, forKey: .text) {
      self = .text(text)
    } else if let count = try container.decodeIfPresent(Int.self, forKey: .count) {
      self = .count(count)
    } else if let bytes = try container.decodeIfPresent(Int.self, forKey: .bytes) {
      self = .bytes(bytes)
    } else if let instant = try container.decodeIfPresent(Timestamp.self, forKey: .instant) {
      self = .instant(instant)
    } else if let flag = try container.decodeIfPresent(Bool.self, forKey: .flag) {
      self = .flag(flag)
    } else {
      self = .unknown
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    switch self {
    case .text(let text): try container.encode(text, forKey: .text)
    case .count(let count): try container.encode(count, forKey: .count)
    case .bytes(let bytes): try container.encode(bytes, forKey: .bytes)
    case .instant(let instant): try container.encode(instant, forKey: .instant)
    case .flag(let flag): try container.encode(flag, forKey: .flag)
    case .unknown: try container.encode(true, forKey: .unknown)
    }
  }
}
