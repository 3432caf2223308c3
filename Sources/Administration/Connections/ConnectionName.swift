internal import Base
internal import Database
internal import Migration

/// One database that the platform file names, and where it stands in the file.
struct ConnectionName: Sendable, Hashable, CustomStringConvertible {
  enum Side: Sendable, Hashable {
    case source(String)
    case destination
  }

  let side: Side
  /// `location`, `configuration` or `history`, as in the file.
  let key: String

  /// As verbs take it: `source.main` for an undivided database, `source.main.history`, `destination.configuration`.
  var description: String {
    switch side {
    case .source(let name): key == "location" ? "source.\(name)" : "source.\(name).\(key)"
    case .destination: "destination.\(key)"
    }
  }

  /// As findings speak of it: `source main`.
  var subject: String {
    switch side {
    case .source(let name): "source \(name)"
    case .destination: "destination"
    }
  }

  /// In the platform file.
  var path: JSONPath {
    let section: JSONPath = "administration"
    return switch side {
    case .source(let name): section.appending("sources").appending(name).appending(key)
    case .destination: section.appending("destination").appending(key)
    }
  }

  var isDestination: Bool { side == .destination }

  /// Which half of the service's data it holds.
  var half: DatabaseType { key == "configuration" ? .configuration : .history }

  /// What its password is asked for by.
  var secret: String {
    switch side {
    case .source(let name): "source.\(name)"
    case .destination: DestinationSettings.secretName
    }
  }
}

extension AdministrationSection {
  /// Every database that the section names, with its location, in the order of the file.
  var connections: [(name: ConnectionName, location: String)] {
    var all: [(ConnectionName, String)] = []
    for source in sources {
      let side = ConnectionName.Side.source(source.name)
      switch source.kind {
      case .undivided(let location, _): all.append((ConnectionName(side: side, key: "location"), location))
      case .pair(let configuration, let history, _):
        all.append((ConnectionName(side: side, key: "configuration"), configuration))
        all.append((ConnectionName(side: side, key: "history"), history))
      case .accesslogFile, .accesslogDirectory, .sambaAudit, .backup: continue
      }
    }
    if let destination {
      if let configuration = destination.configuration {
        all.append((ConnectionName(side: .destination, key: "configuration"), configuration))
      }
      all.append((ConnectionName(side: .destination, key: "history"), destination.history))
    }
    return all
  }
}
