import Base
import Database
import Migration
import TestSupport
import Testing

@testable import Administration

extension Workbench {
  /// A platform whose sources are logs.
  init(
    folder: TestFolder, logs: [String: SourceKind], destination: String? = nil,
    secrets: any SecretProvider = NoSecrets()
  ) throws {
    self.folder = folder
    let new = destination ?? "sqlite:\(folder.path)/new.db"
    self.destination = try DatabaseLocation(new)
    workplace = Workplace(
      folder: folder.path, clock: SystemClock(), program: "locktender test", secrets: secrets)
    let section = AdministrationSection(
      sources: logs.sorted { $0.key < $1.key }.map { HistorySourceSettings(name: $0.key, kind: $0.value) },
      destination: DestinationSettings(
        configuration: try Workbench.configuration(in: folder.path), history: new),
      backups: BackupSettings(folder: folder.path + "/backups", key: nil, keep: 3))
    engine = MigrationEngine(parts: [HistoryImport(section, in: workplace)], workplace: workplace)
  }

  /// The configuration that a new history belongs to: a history without one is read by nobody again.
  static func configuration(in folder: String) throws -> String {
    let path = folder + "/configuration.db"
    if TestSupport.Files.exists(path) { return "sqlite:\(path)" }
    let database = try Connection.open(.sqlite(path: path), options: .create)
    try database.execute("create table product_info (name text primary key, value text)")
    let facts = [
      ("product", DatabaseIdentity.product), ("version", Release.newest.description),
      ("database_type", "configuration"), ("database_id", UniqueID.random().description),
      ("created_at", "2026-01-01T00:00:00Z"),
    ]
    for (name, value) in facts {
      try database.execute("insert into product_info (name, value) values (\(name), \(value))")
    }
    try database.close()
    return "sqlite:\(path)"
  }

  /// The folder of the only run.
  var runFolder: String {
    get throws {
      let names = TestSupport.Files.names(in: workplace.runsFolder)
      return try "\(workplace.runsFolder)/\(#require(names.first))"
    }
  }

  /// What a query gives, each row as its texts; `~` for null.
  func rows(_ query: String, columns: Int) throws -> [[String]] {
    var rows: [[String]] = []
    try openDestination().rows(SQL(unsafeSQL: query), Array(repeating: .text, count: columns)) { row in
      rows.append((0..<columns).map { row.string($0) ?? "~" })
    }
    return rows
  }
}

/// Data of real servers that lies beside the checkout, or where LOCKTENDER_SHARED says.
enum SharedData {
  static let folder: String = {
    if let shared = Environment.value(of: "LOCKTENDER_SHARED") { return shared + "/data" }
    return "/" + #filePath.split(separator: "/").dropLast(5).joined(separator: "/") + "/shared/data"
  }()

  /// Unpacks a file of it into a folder. Skips the test, saying so, where it is not there.
  static func unpack(_ name: String, into folder: TestFolder) throws -> String {
    let packed = "\(SharedData.folder)/\(name).xz"
    guard TestSupport.Files.exists(packed) else { try skipLoudly("\(packed) is not there") }
    return try folder.write(Tool.check("xz", ["-dc", packed]).output, to: name)
  }
}

/// Small cuts of such data that are part of the repository.
enum Fixture {
  static let folder =
    "/" + #filePath.split(separator: "/").dropLast(2).joined(separator: "/") + "/Fixtures"

  static func path(_ name: String) -> String { "\(folder)/\(name)" }
}

extension Workbench {
  /// Where its backups go.
  var place: BackupPlace {
    BackupPlace(folder: folder.path + "/backups", keep: 3, keyFile: folder.path + "/backup.key")
  }
}
