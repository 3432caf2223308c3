import Base
import Database
import Migration
import Synchronization
import TestSupport

@testable import Administration

extension PrivatePostgres {
  /// Where one of its databases is.
  func location(_ database: String, user: String = PrivatePostgres.user) -> DatabaseLocation {
    var address = PostgresAddress(host: host, port: Int(port), user: user, database: database)
    if case .tls = settings.listening {} else { address.tlsMode = .disable }
    return DatabaseLocation(.postgresql(address))
  }

  /// A name that no other test on this server has.
  static func freshName(_ prefix: String) -> String {
    "\(prefix)_\(counter.wrappingAdd(1, ordering: .relaxed).newValue)"
  }
  private static let counter = Atomic<Int>(0)

  /// Makes an old service's database of a release and tells its name.
  func createLab(
    _ release: Release, in folder: TestFolder, history: Int = 400, encoding: LabOptions.Encoding = .utf8
  ) async throws -> String {
    let prefix = Self.freshName("lab")
    _ = try await Lab.create(
      LabOptions(
        folder: folder.path + "/" + prefix, release: release,
        store: .postgresql(location("postgres"), options: .readWrite, prefix: prefix, encoding: encoding),
        people: 40, history: history, seed: 7, isUndivided: release.mayBeUndivided)
    ) { _ in }
    let half = release.mayBeUndivided ? "administration" : "history"
    let name = "\(prefix)_\(release.rawValue / 100)_\(release.rawValue % 100)_\(half)"
    // The partners would block the import, as they should: the remedy is carried out.
    if release.mayBeUndivided { try execute("DELETE FROM replication_partner", in: name) }
    return name
  }

  /// Makes a login that may connect and nothing else, and tells its name.
  func createLogin(_ prefix: String = "login", attributes: String = "") throws -> String {
    let name = Self.freshName(prefix)
    try execute("CREATE ROLE \"\(name)\" LOGIN \(attributes)", in: "postgres")
    return name
  }
}

/// Secrets by their names.
struct FixedSecrets: SecretProvider {
  var values: [String: String] = [:]
  var files: [String: String] = [:]

  func secret(for name: String) throws -> SecretBytes? {
    if let file = files[name] { return try SecretBytes.read(file: file) }
    guard let value = values[name] else { return nil }
    let bytes = Array(value.utf8)
    return SecretBytes(copying: bytes.span)
  }
}

/// The surroundings of single steps: a run's folder with its journal, and a place for backups.
struct StepBench {
  let folder: TestFolder
  let context: StepContext
  let place: BackupPlace
  let settings: ImportSettings

  init(passphrase: String? = nil, cancellation: CancellationFlag = CancellationFlag()) throws {
    folder = try TestFolder(.own)
    let run = UniqueID.random()
    let workplace = Workplace(
      folder: folder.path, clock: SystemClock(), program: "locktender test", secrets: FixedSecrets())
    let runFolder = try folder.folder("run")
    context = StepContext(
      run: run, folder: runFolder, workplace: workplace, journal: try Journal(path: runFolder + "/journal.db"),
      events: EventSink(run: run, clock: workplace.clock), cancellation: cancellation)
    let lender = passphrase.map { text in
      { () throws -> SecretBytes? in
        let bytes = Array(text.utf8)
        return SecretBytes(copying: bytes.span)
      } as BackupKeys.SecretLender
    }
    place = BackupPlace(
      folder: folder.path + "/backups", keep: 2, keyFile: folder.path + "/keys/backup.key", passphrase: lender)
    settings = ImportSettings(backups: place, workplace: workplace)
  }

  func step(_ location: DatabaseLocation, password: String? = nil) -> BackupStep {
    var options = ConnectOptions.readOnly
    if let password {
      options.password = { use in
        let bytes = Array(password.utf8)
        use(bytes.span)
      }
    }
    return BackupStep(id: "secure.main", subject: "main", location: location, options: options, settings: settings)
  }

  /// What stands in the folder of the backups and in that of the run.
  func leftovers() throws -> [String] {
    try Base.Files.list(context.folder).filter { !$0.hasPrefix("journal.db") }
  }
}

/// The error that a body throws.
func thrown(_ body: () async throws -> Void) async -> (any Error)? {
  do {
    try await body()
    return nil
  } catch {
    return error
  }
}

/// A platform whose sources and destination a test names.
struct PlatformBench {
  let folder: TestFolder
  let workplace: Workplace
  let section: AdministrationSection
  let destination: DatabaseLocation
  /// A fresh one stands for a fresh process.
  var engine: MigrationEngine {
    MigrationEngine(parts: [HistoryImport(section, in: workplace)], workplace: workplace)
  }

  /// - Parameter destination: nil for the file `new.db`.
  init(
    _ folder: TestFolder, sources: [String: SourceKind], destination: DatabaseLocation? = nil,
    secrets: FixedSecrets = FixedSecrets(), backupKey: SecretReference? = nil, keep: Int = 3
  ) throws {
    self.folder = folder
    let place = destination ?? .sqlite(path: folder.path + "/new.db")
    self.destination = place
    workplace = Workplace(folder: folder.path, clock: SystemClock(), program: "locktender test", secrets: secrets)
    section = AdministrationSection(
      sources: sources.sorted { $0.key < $1.key }.map { HistorySourceSettings(name: $0.key, kind: $0.value) },
      destination: DestinationSettings(
        configuration: try PlatformBench.configuration(in: folder).description, history: place.description),
      backups: BackupSettings(folder: folder.path + "/backups", key: backupKey, keep: keep))
  }

  /// The new service's configuration, empty: what a new history is paired with.
  private static func configuration(in folder: TestFolder) throws -> DatabaseLocation {
    let location = DatabaseLocation.sqlite(path: folder.path + "/configuration.db")
    if try Base.Files.exists(folder.path + "/configuration.db") { return location }
    let connection = try Connection.open(location, options: .create)
    for statement in ReleaseSchema(.newest, .configuration).tableStatements(for: .sqlite) {
      try connection.execute(SQL(unsafeSQL: statement))
    }
    for (name, value) in [
      ("product", DatabaseIdentity.product), ("version", Release.newest.description),
      ("database_type", "configuration"), ("database_id", UniqueID.random().description),
      ("created_at", "2026-01-01T00:00:00Z"),
    ] {
      try connection.execute("INSERT INTO product_info (name, value) VALUES (\(name), \(value))")
    }
    try connection.close()
    return location
  }

  func findings(_ choices: [String: [String]] = [:]) async throws -> [Finding] {
    try await engine.check(Workbench.part, PlanRequest(choices: choices))
  }

  func importHistory(
    _ choices: [String: [String]] = [:], cancellation: CancellationFlag = CancellationFlag(),
    listeners: [EventSink.Listener] = []
  ) async throws -> RunSummary {
    let engine = engine
    let (_, hash) = try await engine.plan(Workbench.part, PlanRequest(choices: choices))
    return try await engine.apply(hash, cancellation: cancellation, listeners: listeners)
  }

  func count(_ table: String) throws -> Int {
    let connection = try Connection.open(destination, options: .readOnly)
    return Int(try connection.integer("SELECT count(*) FROM \(identifier: table)") ?? 0)
  }
}
