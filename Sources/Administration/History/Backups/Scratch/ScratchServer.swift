internal import Base
internal import Database
internal import Glibc
internal import Subprocess

/// A PostgreSQL server of our own, for the test of a backup or as the place that a backup is read from.
///
/// It lives as long as this object, listens on a Unix socket in a folder that nobody else may enter, runs under
/// another account where this process is root (PostgreSQL refuses to serve as root), and ends with this process,
/// however that ends.
final class ScratchServer: Sendable {
  static let user = "locktender"
  let programs: ServerPrograms
  private let folder: ScratchFolder
  private let process: KeptProcess
  private let ending: ScratchEnd

  /// Makes a cluster and starts it. Blocks for a second or two.
  init(_ programs: ServerPrograms, in folder: ScratchFolder) throws {
    self.programs = programs
    self.folder = folder
    let account = try ScratchServer.account()
    if let account { try folder.give(to: account.uid, group: account.gid) }
    let surroundings = Command.Environment.exactly([
      "PATH": "\(programs.folder):/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC",
    ])
    let made = try Command(
      programs.path("initdb"),
      [
        "--pgdata=\(folder.path("data"))", "--username=\(ScratchServer.user)", "--auth=trust", "--encoding=UTF8",
        "--locale=C", "--no-sync",
      ], environment: surroundings, folder: folder.path, user: account
    ).run(timeout: .seconds(300))
    guard made.status.isSuccess else {
      throw ScratchServer.failed("initdb ended with \(made.status)", made.errorText)
    }
    let log = folder.path("server.log")
    var arguments = ["--pdeathsig", "INT"]
    if let account { arguments += ["--reuid=\(account.uid)", "--regid=\(account.gid)", "--clear-groups"] }
    arguments += ["--", programs.path("postgres"), "-D", folder.path("data")]
    let process = try KeptProcess(
      Command(
        "setpriv", arguments + ScratchServer.settings(folder).flatMap { ["-c", $0] }, environment: surroundings,
        folder: folder.path),
      log: log)
    self.process = process
    ending = ScratchEnd.atExit { process.stop() }
    try waitUntilReady(log)
  }

  deinit {
    process.stop()
    ending.forget()
  }

  /// Ends the server in order. Blocks until it has ended; again does nothing.
  func stop() { process.stop() }

  /// Durable against the end of a process, not against that of the machine: a scratch server that did not end in
  /// order is made anew.
  private static func settings(_ folder: ScratchFolder) -> [String] {
    [
      "listen_addresses=", "unix_socket_directories=\(folder.path)", "unix_socket_permissions=0700", "fsync=off",
      "synchronous_commit=off", "full_page_writes=off", "wal_level=minimal", "max_wal_senders=0",
      "max_wal_size=1GB", "shared_buffers=128MB", "maintenance_work_mem=256MB", "max_connections=60",
      "logging_collector=off", "log_min_error_statement=panic", "timezone=UTC", "autovacuum=off",
    ]
  }

  /// The account that the server runs under; nil for that of this process.
  private static func account() throws -> UserIdentity? {
    guard UserIdentity.current.uid == 0 else { return nil }
    for name in ["postgres", "nobody"] {
      // The other one is tried then.
      if let account = try? UserIdentity.named(name) { return account }
    }
    throw AdministrationError(
      .unusable, doing: "start a scratch server",
      reason: "there is neither a user postgres nor a user nobody, and PostgreSQL does not serve as root",
      advice: "run this as another user than root")
  }

  // MARK: Use

  func location(_ database: String) -> DatabaseLocation {
    DatabaseLocation(
      .postgresql(PostgresAddress(host: folder.path, user: ScratchServer.user, database: database)))
  }

  /// Makes an empty database. Texts sort by bytes: the languages of the original server may not be here.
  ///
  /// - Parameter encoding: as the original server names it.
  func createDatabase(_ name: String, encoding: String) throws {
    let connection = try Connection.open(location("postgres"), options: .readWrite)
    let isPlain = encoding.utf8.allSatisfy { byte in
      switch byte {
      case 48...57, 65...90, 97...122, UInt8(ascii: "_"): true
      default: false
      }
    }
    guard isPlain else { throw ScratchServer.failed("an unknown encoding", encoding) }
    try connection.execute(
      """
      CREATE DATABASE \(identifier: name) TEMPLATE template0 ENCODING \(unsafeSQL: "'\(encoding)'")
        LC_COLLATE 'C' LC_CTYPE 'C'
      """)
  }

  // MARK: Life

  private func waitUntilReady(_ log: String) throws {
    let deadline = ContinuousClock.now + .seconds(60)
    while ContinuousClock.now < deadline {
      if let ended = process.ended {
        // The log tells why; without it the status must do.
        let text = (try? Files.readText(log, limit: 1 << 20)) ?? ""
        throw ScratchServer.failed("the server ended with \(ended)", text)
      }
      // The eighth line of postmaster.pid is the server's own word for being ready; before, the file is not there.
      let text = (try? Files.readText(folder.path("data/postmaster.pid"), limit: 4096)) ?? ""
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      if lines.count > 7, lines[7].hasPrefix("ready") { return }
      blockThread(seconds: 0.02)
    }
    throw ScratchServer.failed("the server is not ready after a minute", "")
  }

  /// What the programs say before there is any data holds none.
  private static func failed(_ reason: String, _ said: String) -> AdministrationError {
    let words = said.split(separator: "\n").last { $0.contains("FATAL") || $0.contains("error:") }
    return AdministrationError(
      .unusable, doing: "start a scratch server", reason: words.map { "\(reason): \($0)" } ?? reason,
      advice: "look whether \(ScratchFolder.parent) has space, or name another folder as TMPDIR")
  }

  /// Whether a server whose starter is gone still works in a scratch folder.
  static func isRunning(in folder: String) -> Bool {
    // Without the file no server is there.
    guard let text = try? Files.readText(folder + "/data/postmaster.pid", limit: 4096),
      let pid = text.split(separator: "\n").first.flatMap({ Int32($0) })
    else { return false }
    return kill(pid, 0) == 0
  }
}
