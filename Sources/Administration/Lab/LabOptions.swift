public import Base
public import Database

/// What a lab shall be. Equal options make equal content, on both engines and in every run.
public struct LabOptions: Sendable {
  /// Where the databases are made.
  public enum Store: Sendable {
    /// Files in the lab's folder.
    case sqlite
    /// New databases `<prefix>_…` on a server that a login with the right to create databases reaches there.
    case postgresql(DatabaseLocation, options: ConnectOptions, prefix: String = "lab", encoding: Encoding = .utf8)

    public var engine: Engine {
      switch self {
      case .sqlite: .sqlite
      case .postgresql: .postgresql
      }
    }
  }

  /// The encoding of PostgreSQL databases.
  public enum Encoding: String, Sendable, Codable {
    case utf8 = "UTF8"
    /// Any bytes but NUL, as servers of old often had it.
    case sqlASCII = "SQL_ASCII"
  }

  /// Made if it is missing; must be empty.
  public var folder: String
  public var release: Release
  public var store: Store
  /// How many people the configuration holds.
  public var people: Int
  /// How many requests the history holds; 0 makes empty databases.
  public var history: Int
  public var seed: UInt64
  /// One database for both halves (7.5 and 7.6 only).
  public var isUndivided: Bool
  /// The service replicates to a partner, which must be removed before an upgrade.
  public var isReplicated: Bool
  /// When the history ends; it begins twelve years before.
  public var end: Timestamp
  public var rates: LabRates
  /// How texts are spoilt; 8.2 holds clean texts, whatever is asked for.
  public var damage: TextDamage

  /// 2026-07-01T00:00:00Z.
  public static let usualEnd = Timestamp(microseconds: 1_782_864_000_000_000)

  /// - Parameters:
  ///   - isUndivided: nil for the release's usual shape: undivided as long as that was possible.
  ///   - damage: nil for as much as the engine and the encoding can store.
  public init(
    folder: String, release: Release, store: Store = .sqlite, people: Int = 2000, history: Int = 200_000,
    seed: UInt64 = 1, isUndivided: Bool? = nil, isReplicated: Bool = false, end: Timestamp = usualEnd,
    rates: LabRates = .usual,
    damage: TextDamage? = nil
  ) {
    self.folder = folder
    self.release = release
    self.store = store
    self.people = people
    self.history = history
    self.seed = seed
    self.isUndivided = isUndivided ?? release.mayBeUndivided
    self.isReplicated = isReplicated
    self.end = end
    self.rates = rates
    self.damage = release.textsAreClean ? .none : damage ?? LabOptions.storable(in: store)
  }

  /// The most that a store can hold.
  static func storable(in store: Store) -> TextDamage {
    switch store {
    case .sqlite: .all
    case .postgresql(_, _, _, .sqlASCII): .invalidUTF8
    case .postgresql(_, _, _, .utf8): .none
    }
  }

  /// The databases that the lab consists of.
  var types: [DatabaseType] { isUndivided ? [.undivided] : [.configuration, .history] }

  /// - Throws: ``AdministrationError`` `invalidOptions` for what makes no lab.
  public func check() throws(AdministrationError) {
    func refused(_ reason: String, _ advice: String) -> AdministrationError {
      AdministrationError(.invalidOptions, doing: "make a lab", reason: reason, advice: advice)
    }
    if isUndivided, !release.mayBeUndivided {
      throw refused("\(release) always has two databases", "Leave out `--undivided`, or take 7.5 or 7.6.")
    }
    if people < 1 || people > 2_000_000 {
      throw refused("\(people) people", "Give between 1 and 2,000,000 people.")
    }
    if history < 0 || history > 1_000_000_000 {
      throw refused("\(history) requests", "Give between 0 and 1,000,000,000 requests.")
    }
    if end.microseconds < 0 || end.microseconds > 4_102_444_800_000_000 {
      throw refused("the end lies before 1970 or after 2100", "Give an end between those years.")
    }
    if damage > LabOptions.storable(in: store) || release.textsAreClean && damage != .none {
      throw refused(
        "the database cannot hold such spoilt texts",
        "Take SQLite, or SQL_ASCII for invalid UTF-8 without NUL; 8.2 holds neither.")
    }
  }
}
