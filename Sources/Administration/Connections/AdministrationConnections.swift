internal import Base
internal import Database
public import Migration

/// The connections of an administration service as the platform file has them: shown, tested, and given another
/// address without a stop.
///
/// Every call blocks a thread of its own while it speaks with servers.
public struct AdministrationConnections: Sendable {
  let section: AdministrationSection
  let platformFile: String
  let workplace: Workplace
  let resolve: HostName.Resolver

  public init(_ section: AdministrationSection, platformFile: String, in workplace: Workplace) {
    self.init(section, platformFile: platformFile, in: workplace, resolve: HostName.canonicalName)
  }

  init(
    _ section: AdministrationSection, platformFile: String, in workplace: Workplace,
    resolve: @escaping HostName.Resolver
  ) {
    self.section = section
    self.platformFile = platformFile
    self.workplace = workplace
    self.resolve = resolve
  }

  /// What ``test(_:)`` and ``set(_:expecting:)`` take: `source.main`, `destination.configuration`.
  public func names() throws -> [String] { try section.connections().map(\.name) }

  /// Reads what each database is.
  ///
  /// - Parameter name: one of ``names()``; nil for all.
  public func show(_ name: String? = nil) async throws -> [ConnectionSummary] {
    let chosen = try name.map { [try find($0)] } ?? section.connections()
    return try await BlockingThread(name: "show").run {
      var summaries = chosen.map { connection in
        ConnectionSummary(connection) {
          try Connection.open(connection.location, options: options(connection, .readOnly))
        }
      }
      for index in summaries.indices where summaries[index].pairedConfiguration != nil {
        let beside = chosen.indices.first { other in
          chosen[other].secretName == chosen[index].secretName && chosen[other].half == .configuration
        }.flatMap { summaries[$0].identity }
        summaries[index].isPaired = beside.map { $0 == summaries[index].pairedConfiguration }
      }
      return summaries
    }
  }

  /// Logs in as an import would, tries what an import needs, and measures.
  ///
  /// - Throws: `DatabaseError` where no connection can be made, with what to do.
  public func test(_ name: String) async throws -> ConnectionProbe {
    let connection = try find(name)
    return try await BlockingThread(name: "test").run { try trial(connection, connection.location).run() }
  }

  func trial(_ connection: NamedConnection, _ location: DatabaseLocation) -> ConnectionTrial {
    ConnectionTrial(
      connection: connection, location: location,
      options: options(connection, connection.isDestination ? .readWrite : .readOnly), clock: workplace.clock,
      resolve: resolve)
  }

  func options(_ connection: NamedConnection, _ access: ConnectOptions.Access) -> ConnectOptions {
    let secrets = workplace.secrets
    let secret = connection.secretName
    return ConnectOptions(
      access: access,
      password: { use in
        guard let password = try secrets.secret(for: secret) else { return }
        password.withBytes { use($0) }
      })
  }

  func find(_ name: String) throws -> NamedConnection {
    let all = try section.connections()
    if let found = all.first(where: { $0.name == name }) { return found }
    throw MigrationError(
      .usage, doing: "find the connection \(name)", reason: "the platform file names none of that name",
      advice: "connections there: \(all.map(\.name).joined(separator: ", "))")
  }
}
