internal import Base
internal import Database

/// Makes old platforms to practise on: a made-up organisation with years of history, in the shape of any release.
public enum Lab {
  /// How far the making has come.
  public struct Progress: Sendable {
    public let requests: Int
    public let total: Int
  }

  /// Makes the lab's databases, `lab.json` and `README.md`.
  ///
  /// Blocks its thread for as long as it takes; insertions run on a thread of their own. Memory does not grow with
  /// the history. On failure the databases made so far are left as they are: the folder is then no lab.
  ///
  /// - Parameter progress: called after each batch of some ten thousand rows.
  /// - Throws: `AdministrationError`: `invalidOptions` before anything is made; `unusable` with the cause where a database or a file
  ///   cannot be made, also where one of its name exists. `CancellationError` when the task is cancelled.
  @discardableResult
  public static func create(
    _ options: LabOptions, progress: (Progress) -> Void = { _ in }
  ) async throws -> LabManifest {
    try options.check()
    do {
      return try await make(options, progress)
    } catch  where !(error is AdministrationError || error is CancellationError) {
      throw AdministrationError(.unusable, doing: "make a lab", cause: error)
    }
  }

  private static func make(_ options: LabOptions, _ progress: (Progress) -> Void) async throws -> LabManifest {
    try prepareFolder(options.folder)
    var stream = HistoryStream(options, zones: try zoneTables(until: options.end))
    let store = LabStore(options)
    var databases: [LabDatabase] = []
    for type in options.types { databases.append(try store.create(type)) }
    for index in databases.indices where databases[index].type.holdsHistory {
      databases[index].totals += try await HistoryLoader(options, databases[index].connection)
        .load(&stream, progress)
    }
    for index in databases.indices where databases[index].type.holdsConfiguration {
      let schema = ReleaseSchema(options.release, databases[index].type)
      var configuration = Configuration(
        schema: schema, organisation: stream.organisation, end: options.end, isReplicated: options.isReplicated)
      try configuration.write(to: databases[index].connection)
      databases[index].totals += configuration.totals
    }
    var entries: [LabManifest.Entry] = []
    for database in databases { entries.append(try store.finish(database)) }
    let manifest = LabManifest(
      release: options.release, engine: options.store.engine, people: options.people, history: options.history,
      seed: options.seed, end: options.end, databases: entries,
      ugliness: Ugliness.allCases.map { ($0, stream.count(of: $0)) })
    try Files.write(manifest.json.pretty() + "\n", to: Paths.join(options.folder, "lab.json"))
    let readme = LabReadme(manifest: manifest)
    try Files.write(readme.text, to: Paths.join(options.folder, "README.md"), permissions: 0o644)
    return manifest
  }

  private static func prepareFolder(_ folder: String) throws {
    try Files.createFolder(folder, withParents: true)
    guard try Files.list(folder).isEmpty else {
      throw AdministrationError(
        .invalidOptions, doing: "make a lab", reason: "\(folder) is not empty",
        advice: "Give a folder that is empty or does not exist.")
    }
  }

  /// From before the oldest request to after the last task that is due.
  private static func zoneTables(until end: Timestamp) throws -> [ZoneTable] {
    let start = -15 * 366 * 86_400
    let limit = Int(end.microseconds / 1_000_000) + 4 * 366 * 86_400
    return try Places.all.map { place in
      let rules = try TimeZoneRules(named: place.zone)
      return ZoneTable(from: start, until: limit) { second in
        rules.offset(at: Timestamp(microseconds: Int64(second) * 1_000_000))
      }
    }
  }
}
