/// A release of the administration service whose databases are known here (docs/lineage.md), oldest first.
public enum Release: Int, CaseIterable, Comparable, Sendable, Codable, CustomStringConvertible {
  case v7_5 = 705
  case v7_6 = 706
  case v8_0 = 800
  case v8_1 = 801
  case v8_2 = 802

  /// The release that imports write.
  public static let newest = Release.v8_2
  /// The first release that can be read.
  public static let oldest = Release.v7_5

  public static func < (left: Release, right: Release) -> Bool { left.rawValue < right.rawValue }

  /// As `product_info` spells it: `7.5`.
  public var description: String { "\(rawValue / 100).\(rawValue % 100)" }

  /// Reads `7.5` … `8.2`; nil for any other text.
  public init?(_ text: some StringProtocol) {
    guard case .known(let release) = Release.recognize(text) else { return nil }
    self = release
  }

  /// What a version text means for us.
  public enum Recognition: Equatable, Sendable {
    case known(Release)
    /// A version below ``Release/oldest``.
    case older
    /// A version above ``Release/newest``.
    case newer
    /// No version at all, or one between the releases that never was.
    case unknown
  }

  /// Tells known, older, newer and unknown versions apart. Only `major.minor` in plain digits is a version.
  public static func recognize(_ text: some StringProtocol) -> Recognition {
    let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard parts.count == 2, let major = plainNumber(parts[0]), let minor = plainNumber(parts[1]) else {
      return .unknown
    }
    let number = major * 100 + minor
    if let release = Release(rawValue: number), minor < 100 { return .known(release) }
    if (major, minor) < (oldest.rawValue / 100, oldest.rawValue % 100) { return .older }
    if (major, minor) > (newest.rawValue / 100, newest.rawValue % 100) { return .newer }
    return .unknown
  }

  private static func plainNumber(_ digits: some Collection<UInt8>) -> Int? {
    guard (1...4).contains(digits.count), digits.count == 1 || digits.first != UInt8(ascii: "0") else { return nil }
    var value = 0
    for digit in digits {
      guard (48...57).contains(digit) else { return nil }
      value = value * 10 + Int(digit) - 48
    }
    return value
  }

  // What changed on the way, as questions that code may ask instead of comparing releases by hand.

  /// One database may hold configuration and history together (7.5, 7.6).
  public var mayBeUndivided: Bool { self < .v8_0 }
  /// Times are local texts beside a zone (7.5, 7.6), else instants beside an offset.
  public var timesAreLocal: Bool { self < .v8_0 }
  /// Local times tell the two readings of an ambiguous hour apart (7.6).
  public var timesHaveFold: Bool { self == .v7_6 }
  /// Operations, states and kinds are numbers (7.5, 7.6), else names.
  public var termsAreCodes: Bool { self < .v8_0 }
  /// Keys are integers (up to 8.0), else UUIDs.
  public var keysAreIntegers: Bool { self < .v8_1 }
  /// Changed properties stand in a packed text (up to 8.0), else in rows.
  public var changesArePacked: Bool { self < .v8_1 }
  /// Workflow and policy sections stand in a table of their own (from 7.6).
  public var sectionsAreRows: Bool { self > .v7_5 }
  /// Each kind of task has a table of its own (from 8.1).
  public var tasksAreDivided: Bool { self >= .v8_1 }
  /// Texts are valid UTF-8 without NUL, and rows tell their import (8.2).
  public var textsAreClean: Bool { self >= .v8_2 }
}
