public import Base
public import Database

/// What a database says about itself in `product_info`.
public struct DatabaseIdentity: Sendable, Hashable {
  /// The one product whose databases are read here.
  public static let product = "Directory Administration Service"

  public let release: Release
  public let type: DatabaseType
  /// Identifies the database for good, also when it is copied or moved.
  public let id: UniqueID
  public let created: Timestamp
  /// The identity of the configuration that a history belongs to; nil on the other types.
  public let pairedConfiguration: UniqueID?

  public init(
    release: Release, type: DatabaseType, id: UniqueID, created: Timestamp, pairedConfiguration: UniqueID?
  ) {
    self.release = release
    self.type = type
    self.id = id
    self.created = created
    self.pairedConfiguration = pairedConfiguration
  }

  /// Reads and checks what the database says. Blocks; changes nothing.
  ///
  /// - Throws: `foreignDatabase`, `releaseTooOld`, `releaseTooNew`, `unknownRelease`, `damagedIdentity`, each with
  ///   the way that works; `unusable` where the database cannot be read.
  public static func read(from connection: Connection) throws(AdministrationError) -> DatabaseIdentity {
    var facts: [String: String] = [:]
    do {
      guard try connection.catalogue()["product_info"] != nil else {
        throw foreign("it has no table `product_info`")
      }
      try connection.rows("select name, value from product_info", [.text, .text]) { row in
        if let name = row.string(0), let value = row.string(1) { facts[name] = value }
      }
    } catch let error as AdministrationError {
      throw error
    } catch {
      throw AdministrationError(.unusable, doing: doing, cause: error)
    }
    return try DatabaseIdentity(facts: facts)
  }

  private static let doing = "read what the database is"

  private static func foreign(_ reason: String) -> AdministrationError {
    AdministrationError(
      .foreignDatabase, doing: doing, reason: reason,
      advice: "Give a database of a \(product), version \(Release.oldest) to \(Release.newest).")
  }

  /// Checks the names and values of `product_info`.
  init(facts: [String: String]) throws(AdministrationError) {
    guard let product = facts["product"] else { throw DatabaseIdentity.foreign("it names no product") }
    guard product == DatabaseIdentity.product else {
      throw DatabaseIdentity.foreign("it belongs to another product")
    }
    release = try DatabaseIdentity.release(facts["version"])
    guard let type = facts["database_type"].flatMap(DatabaseType.init(rawValue:)) else {
      throw DatabaseIdentity.damaged("`database_type` is missing or unknown")
    }
    guard DatabaseType.possible(in: release).contains(type) else {
      throw DatabaseIdentity.damaged("it says `\(type.rawValue)`, which \(release) never was")
    }
    guard let id = facts["database_id"].flatMap({ UniqueID($0) }) else {
      throw DatabaseIdentity.damaged("`database_id` is missing or no UUID")
    }
    guard let created = facts["created_at"].flatMap({ Timestamp(rfc3339: $0) }) else {
      throw DatabaseIdentity.damaged("`created_at` is missing or no RFC 3339 time")
    }
    if type == .history {
      guard let paired = facts["paired_configuration"].flatMap({ UniqueID($0) }) else {
        throw DatabaseIdentity.damaged("`paired_configuration` is missing or no UUID")
      }
      pairedConfiguration = paired
    } else {
      pairedConfiguration = nil
    }
    self.type = type
    self.id = id
    self.created = created
  }

  private static func damaged(_ reason: String) -> AdministrationError {
    AdministrationError(
      .damagedIdentity, doing: doing, reason: reason,
      advice: "Restore the table `product_info` from a backup of this database.")
  }

  /// The path that works, for every version that cannot be read.
  private static func release(_ version: String?) throws(AdministrationError) -> Release {
    guard let version else { throw damaged("`version` is missing") }
    switch Release.recognize(version) {
    case .known(let release): return release
    case .older:
      throw AdministrationError(
        .releaseTooOld, doing: doing,
        reason: "its version \(version) is older than \(Release.oldest), the first that can be imported",
        advice: "Upgrade it to a \(Release.oldest) service first; then import that service's databases here.")
    case .newer:
      throw AdministrationError(
        .releaseTooNew, doing: doing,
        reason: "its version \(version) is newer than \(Release.newest), the newest that this program knows",
        advice: "Use a newer Locktender, or import into a service of version \(version).")
    case .unknown:
      throw AdministrationError(
        .unknownRelease, doing: doing, reason: "its version is none that was ever released",
        advice: "Known are \(Release.allCases.map(\.description).joined(separator: ", ")).")
    }
  }

  /// Refuses a database that does not hold the half that is needed.
  ///
  /// - Parameter half: `.configuration` or `.history`; an undivided database holds both.
  public func require(_ half: DatabaseType) throws(AdministrationError) {
    let holds = half == .configuration ? type.holdsConfiguration : type.holdsHistory
    guard !holds else { return }
    var advice = "Give the \(half.rawValue) database of the same service."
    if let pairedConfiguration { advice += " Its `database_id` is \(pairedConfiguration)." }
    throw AdministrationError(
      .wrongType, doing: "use the database as \(half.rawValue)", reason: "it is of type \(type.rawValue)",
      advice: advice)
  }
}
