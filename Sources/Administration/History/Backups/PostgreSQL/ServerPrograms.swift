internal import Base
internal import Glibc
internal import Subprocess

/// The programs of one PostgreSQL installation on this machine: those that dump, and those that serve.
struct ServerPrograms: Sendable, Equatable {
  let folder: String
  /// `15`. Before 10 the first number alone, which is of no use to us.
  let majorVersion: Int

  static let needed = ["initdb", "pg_dump", "pg_restore", "postgres"]

  func path(_ program: String) -> String { Paths.join(folder, program) }

  /// The newest complete installation: its programs read the dumps and speak to the servers of all older ones.
  ///
  /// - Throws: `unusable` with the package to install where there is none.
  static func find() throws(AdministrationError) -> ServerPrograms {
    var found: [ServerPrograms] = []
    for folder in folders() where isComplete(folder) {
      if let version = version(in: folder) { found.append(ServerPrograms(folder: folder, majorVersion: version)) }
    }
    guard let newest = found.max(by: { $0.majorVersion < $1.majorVersion }) else {
      throw AdministrationError(
        .unusable, doing: "look for PostgreSQL's programs",
        reason: "\(needed.joined(separator: ", ")) are not installed together on this machine",
        advice: "apt-get install --no-install-recommends postgresql (no server of it needs to run)")
    }
    return newest
  }

  /// Refuses a server that is newer than these programs: `pg_dump` would too, but only once everything else is done.
  ///
  /// - Parameter versionNumber: as the server tells it: `150020`.
  func requireDump(of versionNumber: Int) throws(AdministrationError) {
    let server = versionNumber / 10_000
    guard server > majorVersion else { return }
    throw AdministrationError(
      .unusable, doing: "back up a PostgreSQL database",
      reason: "the server is of version \(server), the newest pg_dump here of \(majorVersion)",
      advice: "apt-get install --no-install-recommends postgresql-\(server)")
  }

  private static func folders() -> [String] {
    var folders: [String] = []
    // Where the question cannot be put, the usual places are looked at all the same.
    if let answer = try? Command("pg_config", ["--bindir"]).run(timeout: .seconds(10)), answer.status.isSuccess {
      folders.append(String(answer.text.prefix { $0 != "\n" }))
    }
    for (parent, inner) in [("/usr/lib/postgresql", "bin"), ("/usr/local/pgsql", ""), ("/usr", "bin")] {
      // A folder that is not there holds no programs.
      let names = (try? Files.list(parent)) ?? []
      for name in names where parent != "/usr" || name.hasPrefix("pgsql-") {
        folders.append(Paths.join(Paths.join(parent, name), inner))
      }
    }
    if let path = unsafe getenv("PATH") {
      folders += unsafe String(cString: path).split(separator: ":").map(String.init)
    }
    var seen: Set<String> = []
    return folders.filter { seen.insert($0).inserted }
  }

  private static func isComplete(_ folder: String) -> Bool {
    needed.allSatisfy { unsafe access(Paths.join(folder, $0), X_OK) == 0 }
  }

  /// From `postgres (PostgreSQL) 15.20 (Debian 15.20-0+deb12u1)`.
  private static func version(in folder: String) -> Int? {
    // A program that does not even tell its version is not taken.
    guard
      // See above.
      let answer = try? Command(Paths.join(folder, "postgres"), ["--version"]).run(timeout: .seconds(10)),
      answer.status.isSuccess
    else { return nil }
    return answer.text.split(separator: " ").lazy.compactMap { word in
      Int(word.prefix { $0.isASCII && $0.isNumber })
    }.first
  }
}
