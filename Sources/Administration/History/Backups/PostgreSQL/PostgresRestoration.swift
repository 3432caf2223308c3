internal import Base
internal import Database
internal import Migration
internal import Subprocess

/// A dump that was restored into a scratch server of our own, since a login of the original may lack the right to
/// make a database.
final class PostgresRestoration: Sendable {
  static let database = "restored"
  private let server: ScratchServer
  let location: DatabaseLocation

  /// Restores a dump. Blocks.
  ///
  /// - Parameters:
  ///   - dump: a file in PostgreSQL's custom format; stays as it is.
  ///   - encoding: of the original database; nil takes it from the dump.
  ///   - tell: called a few times a second; what it throws stops the work.
  init(
    of dump: String, named subject: String, encoding: String?, _ programs: ServerPrograms, in folder: ScratchFolder,
    tell: () throws -> Void
  ) throws {
    let server = try ScratchServer(programs, in: folder)
    self.server = server
    location = server.location(PostgresRestoration.database)
    try server.createDatabase(
      PostgresRestoration.database, encoding: encoding ?? DumpContents(of: dump, programs).encoding)
    try tell()
    guard let address = location.postgres else { return }
    let login = try ClientLogin(address, .readWrite)
    var variables = login.variables
    variables["PGOPTIONS"] = ""
    let log = folder.path("restore.log")
    let command = Command(
      programs.path("pg_restore"),
      [
        "--dbname=\(PostgresRestoration.database)", "--no-owner", "--no-privileges", "--no-publications",
        "--no-subscriptions", "--exit-on-error", "--jobs=2", "--no-password", dump,
      ], environment: .inherited(adding: variables), folder: folder.path)
    var child = try ChildProcess(command, output: .discarded, errors: .appended(to: log))
    var status: CommandStatus?
    while status == nil {
      do {
        status = try child.wait(timeout: .milliseconds(200))
      } catch {
        guard error.code == .timedOut else { throw error }
      }
      try tell()
    }
    guard status?.isSuccess == true else {
      // The log tells why; without it the status must do.
      let said = (try? Files.readText(log, limit: 1 << 20)) ?? ""
      throw DumpFailure(subject: subject, text: said).error
    }
    let connection = try Connection.open(location, options: .readWrite)
    try connection.execute("ANALYZE")
    try connection.close()
  }

  func open() throws -> Connection { try Connection.open(location, options: .readOnly) }

  /// Ends the server. What it held goes with the folder.
  func stop() { server.stop() }
}

/// What a dump in custom format says about itself.
struct DumpContents {
  /// As the original server named it.
  let encoding: String

  init(of dump: String, _ programs: ServerPrograms) throws {
    // The first statements set how the rest is to be read; the schema of a table that nobody has is the rest.
    let answer = try Command(programs.path("pg_restore"), ["--schema=locktender none", "--file=-", dump])
      .run(timeout: .seconds(300))
    guard answer.status.isSuccess else { throw DumpFailure(subject: "the backup", text: answer.errorText).error }
    let line = answer.text.split(separator: "\n").first { $0.hasPrefix("SET client_encoding = '") }
    encoding = line.map { String($0.dropFirst("SET client_encoding = '".count).prefix { $0 != "'" }) } ?? "UTF8"
  }

  /// Whether a file is a dump in custom format.
  static func isDump(_ path: String) throws -> Bool { try begins(path, with: Array("PGDMP".utf8)) }

  static func begins(_ path: String, with magic: [UInt8]) throws -> Bool {
    let file = try OpenFile(path, .read)
    var head = [UInt8](repeating: 0, count: magic.count)
    return try file.read(into: &head) == magic.count && head == magic
  }
}
