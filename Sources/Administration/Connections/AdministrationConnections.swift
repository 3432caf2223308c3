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

  /// What ``test(_:)`` and ``set(_:expecting:)`` take: `source.main`, `destination.history`.
  public var names: [String] { section.connections.map(\.name.description) }

  /// Reads what each database is.
  ///
  /// - Parameter name: one of ``names``; nil for all.
  public func show(_ name: String? = nil) async throws -> [ConnectionSummary] {
    let chosen = try name.map { [try find($0)] } ?? section.connections
    return try await BlockingThread(name: "show").run {
      var summaries = try chosen.map { name, text in
        let location = try DatabaseLocation(text)
        return ConnectionSummary(name, location) {
          try Connection.open(location, options: options(name, .readOnly))
        }
      }
      let known = zip(chosen, summaries).map { ($0.name, $1) }
      for index in summaries.indices where summaries[index].pairedConfiguration != nil {
        let beside = known.first { $0.0.side == chosen[index].name.side && $0.0.key == "configuration" }?.1.identity
        summaries[index].isPaired = beside.map { $0 == summaries[index].pairedConfiguration }
      }
      return summaries
    }
  }

  /// Logs in as an import would, tries what an import needs, and measures.
  ///
  /// - Throws: `DatabaseError` where no connection can be made, with what to do.
  public func test(_ name: String) async throws -> ConnectionTest {
    let (name, text) = try find(name)
    return try await BlockingThread(name: "test").run { try trial(name, DatabaseLocation(text)).run() }
  }

  func trial(_ name: ConnectionName, _ location: DatabaseLocation) -> ConnectionTrial {
    ConnectionTrial(
      name: name, location: location, options: options(name, name.isDestination ? .readWrite : .readOnly),
      clock: workplace.clock, resolve: resolve)
  }

  func options(_ name: ConnectionName, _ access: ConnectOptions.Access) -> ConnectOptions {
    let secrets = workplace.secrets
    let secret = name.secret
    return ConnectOptions(
      access: access,
      password: { use in
        guard let password = try secrets.secret(for: secret) else { return }
        password.withBytes { use($0) }
      })
  }

  /// A name alone means the history: `source.main`, `destination`.
  func find(_ name: String) throws -> (name: ConnectionName, location: String) {
    let all = section.connections
    if let exact = all.first(where: { $0.name.description == name }) { return exact }
    if let history = all.first(where: { $0.name.description == name + ".history" }) { return history }
    throw MigrationError(
      .usage, doing: "find the connection \(name)", reason: "the platform file names none of that name",
      advice: "connections there: \(names.joined(separator: ", "))")
  }
}
