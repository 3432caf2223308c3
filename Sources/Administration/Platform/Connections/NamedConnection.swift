public import Base
public import Database
public import Migration

/// One database that a platform file names, by the name that `connection` verbs give it.
public struct NamedConnection: Sendable, Equatable {
  /// `source.main`, `destination`: the history, or the one undivided database. `source.main.configuration`,
  /// `destination.configuration`: the other half.
  public let name: String
  /// Which half of the service's data it must hold; nil where it holds both.
  public let half: DatabaseType
  public let location: DatabaseLocation
  /// Where its location stands in the platform file.
  public let path: JSONPath
  /// The name that its password is asked for by.
  public let secretName: String
  public let password: SecretReference?

  /// Whether it is the new service's.
  public var isDestination: Bool { secretName == DestinationSettings.secretName }
}

extension AdministrationSection {
  /// Every database that the section names, in the order of the file.
  ///
  /// - Throws: `DatabaseError` for a location that cannot be read; the section's reader has refused such ones.
  public func connections() throws -> [NamedConnection] {
    var connections: [NamedConnection] = []
    for source in sources {
      let path: JSONPath = JSONPath([.key("administration"), .key("sources"), .key(source.name)])
      func add(_ member: String, _ half: DatabaseType, _ location: String) throws {
        connections.append(
          NamedConnection(
            name: source.secretName + (half == .configuration ? ".configuration" : ""), half: half,
            location: try DatabaseLocation(location), path: path.appending(member), secretName: source.secretName,
            password: source.kind.password))
      }
      switch source.kind {
      case .undivided(let location, _): try add("location", .undivided, location)
      case .pair(let configuration, let history, _):
        try add("configuration", .configuration, configuration)
        try add("history", .history, history)
      case .accesslogFile, .accesslogDirectory, .sambaAudit, .backup, .rejects: break
      }
    }
    if let destination {
      for (half, location) in [
        (DatabaseType.configuration, destination.configuration), (.history, destination.history),
      ] {
        guard let location else { continue }
        let name = DestinationSettings.secretName + (half == .configuration ? ".configuration" : "")
        connections.append(
          NamedConnection(
            name: name, half: half, location: try DatabaseLocation(location),
            path: JSONPath([.key("administration"), .key("destination"), .key(half.rawValue)]),
            secretName: DestinationSettings.secretName, password: destination.password))
      }
    }
    return connections
  }
}

extension DatabaseLocation {
  /// The same location with the server's full name, where it is a short one; asks the name service.
  ///
  /// - Throws: ``AdministrationError`` `unusable` where the name service does not tell one.
  public func withFullHostName() throws(AdministrationError) -> DatabaseLocation {
    guard var address = postgres, !address.isSocket, HostName(address.host).isShort else { return self }
    address.host = try HostName(address.host).qualified()
    return DatabaseLocation(.postgresql(address))
  }
}
