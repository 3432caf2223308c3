public import Base

/// A source row's key: what ranges are cut by and checkpoints are kept in.
public enum Key: Sendable, Hashable, Comparable, CustomStringConvertible {
  case integer(Int64)
  case uuid(UniqueID)

  public enum Kind: String, Sendable, Codable { case integer, uuid }

  public static func < (left: Key, right: Key) -> Bool {
    switch (left, right) {
    case (.integer(let left), .integer(let right)): left < right
    case (.uuid(let left), .uuid(let right)): left < right
    case (.integer, .uuid): true
    case (.uuid, .integer): false
    }
  }

  /// As it stands in a checkpoint: decimal digits, or the 36 characters of a UUID.
  public var description: String {
    switch self {
    case .integer(let value): String(value)
    case .uuid(let value): value.description
    }
  }

  public init?(_ text: String, kind: Kind) {
    switch kind {
    case .integer:
      guard let value = Int64(text) else { return nil }
      self = .integer(value)
    case .uuid:
      guard let value = UniqueID(text) else { return nil }
      self = .uuid(value)
    }
  }
}

/// Keys above `lower` up to and including `upper`; nil is open.
public struct KeyRange: Sendable, Hashable, CustomStringConvertible {
  public var lower: Key?
  public var upper: Key?

  public init(above lower: Key?, through upper: Key?) {
    self.lower = lower
    self.upper = upper
  }

  public static let all = KeyRange(above: nil, through: nil)

  public func contains(_ key: Key) -> Bool {
    if let lower, key <= lower { return false }
    if let upper, key > upper { return false }
    return true
  }

  public var description: String {
    "(\(lower.map(\.description) ?? "…"), \(upper.map(\.description) ?? "…")]"
  }

  /// Cuts the keys from `lowest` to `highest` into about as many ranges of the same width; the first is open
  /// downwards, so that nothing beneath the lowest key known is missed, and the last ends at the highest.
  ///
  /// Widths are equal, row counts need not be: ranges are many and whoever is free takes the next.
  public static func cut(from lowest: Key, through highest: Key, into count: Int) -> [KeyRange] {
    var bounds: [Key] = []
    switch (lowest, highest) {
    case (.integer(let low), .integer(let high)):
      let width = max(1, UInt64(bitPattern: high &- low) / UInt64(max(1, count)))
      var bound = UInt64(bitPattern: low) &+ width &- 1
      while bounds.count < count - 1, Int64(bitPattern: bound) < high {
        bounds.append(.integer(Int64(bitPattern: bound)))
        bound &+= width
      }
    case (.uuid(let low), .uuid(let high)):
      let width = max(1, (high.high &- low.high) / UInt64(max(1, count)))
      var bound = low.high &+ width
      while bounds.count < count - 1, bound < high.high {
        bounds.append(.uuid(UniqueID(high: bound, low: 0)))
        bound &+= width
      }
    default:
      invariant(false, "a range between keys of two kinds")
    }
    bounds.append(highest)
    var ranges: [KeyRange] = []
    var lower: Key?
    for bound in bounds {
      ranges.append(KeyRange(above: lower, through: bound))
      lower = bound
    }
    return ranges
  }
}
