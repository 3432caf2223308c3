internal import Base
internal import Database
internal import Migration

/// Names the old services' databases, which stay: they are opened read-only, always, and are not ours to remove.
struct OldDatabases: RetireStep {
  struct Database: Sendable {
    let name: String
    let location: DatabaseLocation
    let holdsBoth: Bool
  }

  let id = "retire.old-databases"
  let title = "name the old databases"
  let databases: [Database]

  func leftovers(_ context: StepContext) async throws -> [Leftover] {
    try databases.compactMap { database in
      var size: Int?
      var remedy = "its server's administrator drops it"
      if let path = database.location.path {
        guard try Files.exists(path) else { return nil }
        size = Int(try Files.status(of: path).size)
        remedy = "remove the file"
      } else if let name = database.location.postgres?.database {
        remedy = "its owner gives: DROP DATABASE \"\(name.replacing("\"", with: "\"\""))\""
      }
      let also = database.holdsBoth ? "; it holds the configuration, too" : ""
      return Leftover(
        "the old database \(database.name)", at: database.location.description, bytes: size,
        stays: "yours to remove once nobody needs it: \(remedy)\(also)")
    }
  }

  func act(_ context: StepContext) async throws {}
}
