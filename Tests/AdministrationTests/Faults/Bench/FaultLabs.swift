import Administration
import Base
import Database
import TestSupport

/// Old services that are made once and copied for every test that spoils one.
actor FaultLabs {
  static let shared = FaultLabs()

  private var made: [String: Task<TestFolder, any Error>] = [:]

  /// The file of an undivided 7.x database, or of a history of 8.x, copied to a path.
  func copy(_ release: Release, history: Int, to path: String) async throws {
    let lab = try await lab(release, history: history)
    let name = release.mayBeUndivided ? "administration.db" : "history.db"
    try Base.Files.copy(lab / name, to: path)
  }

  /// A database on the shared server with the same content each time, made from a template there.
  func database(_ release: Release, history: Int) async throws -> String {
    let server = try PrivatePostgres.shared()
    let prefix = "faultlab_\(history)"
    let key = "postgresql \(release) \(history)"
    let task =
      made[key]
      ?? Task {
        let folder = try TestFolder()
        try await Lab.create(
          LabOptions(
            folder: folder / "lab", release: release,
            store: .postgresql(
              DatabaseLocation(server.location(database: "postgres")), options: .create, prefix: prefix),
            people: 60,
            history: history, seed: 3))
        return folder
      }
    made[key] = task
    _ = try await task.value
    let version = "\(release.rawValue / 100)_\(release.rawValue % 100)"
    let template = "\(prefix)_\(version)_\(release.mayBeUndivided ? "administration" : "history")"
    let name = "fault_\(UniqueID.random().description.prefix(8))"
    try server.execute("CREATE DATABASE \(name) TEMPLATE \(template)", in: "postgres")
    return name
  }

  private func lab(_ release: Release, history: Int) async throws -> TestFolder {
    let key = "sqlite \(release) \(history)"
    let task =
      made[key]
      ?? Task {
        let folder = try TestFolder()
        let lab = folder / "lab"
        try await Lab.create(LabOptions(folder: lab, release: release, people: 60, history: history, seed: 3))
        for name in try Base.Files.list(lab) { try Base.Files.move(lab + "/" + name, to: folder / name) }
        return folder
      }
    made[key] = task
    return try await task.value
  }
}
