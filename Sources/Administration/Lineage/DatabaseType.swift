/// Which part of an administration service's data a database holds.
public enum DatabaseType: String, CaseIterable, Sendable, Codable {
  /// Configuration and history in one database (7.5, 7.6).
  case undivided
  case configuration
  case history

  public var holdsConfiguration: Bool { self != .history }
  public var holdsHistory: Bool { self != .configuration }

  /// The types that databases of a release can have.
  public static func possible(in release: Release) -> [DatabaseType] {
    release.mayBeUndivided ? allCases : [.configuration, .history]
  }
}
