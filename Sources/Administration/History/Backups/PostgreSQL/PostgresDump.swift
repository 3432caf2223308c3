internal import Base
internal import Cryptography
internal import Database
internal import Migration
internal import Subprocess

/// Dumps a whole PostgreSQL database into an encrypted file, and counts and digests what the dump must hold.
///
/// `pg_dump` and our own reading see the same picture: the snapshot that our connection exports.
struct PostgresDump: Sendable {
  let subject: String
  let location: DatabaseLocation
  let options: ConnectOptions
  let programs: ServerPrograms
  let place: BackupPlace

  struct Result: Sendable {
    let content: ContentSummary
    /// As the server names it.
    let encoding: String
    /// Of the dump before its encryption.
    let bytes: Int
  }

  /// - Parameter tell: what is done now, and the bytes so far; what it throws stops the dump and leaves no file.
  func write(
    to archive: String, tell: @escaping @Sendable (_ what: String, _ bytes: Int) throws -> Void
  ) async throws -> Result {
    if try Files.exists(archive) { try Files.remove(archive) }
    let pipe = try DumpPipe()
    let sealing = BlockingThread(name: "seal \(subject)")
    let dumping = BlockingThread(name: "dump \(subject)")
    async let sealed = outcome {
      try await sealing.run {
        // The dumper must not wait for a reader that is no more.
        defer { pipe.closeReading() }
        try place.keys.encrypt(pipe.path, to: archive) { _ in try pipe.check() }
      }
    }
    async let dumped = outcome {
      try await dumping.run {
        defer { pipe.closeWriting() }
        return try self.dump(into: pipe, tell)
      }
    }
    let (sealOutcome, dumpOutcome) = await (sealed, dumped)
    // Where both have failed, one of them only met the end of the other: a sealer that was interrupted, or a dumper
    // whose pipe was shut by a sealer that had its own reason.
    if case .failure(let error) = sealOutcome, (error as? CryptographyError)?.code != .interrupted { throw error }
    let result = try dumpOutcome.get()
    try sealOutcome.get()
    return result
  }

  private func dump(
    into pipe: DumpPipe, _ tell: @escaping @Sendable (String, Int) throws -> Void
  ) throws -> Result {
    let connection = try Connection.open(location, options: options)
    let facts = try connection.serverFacts()
    try programs.requireDump(of: facts.versionNumber)
    return try connection.transaction(.readOnlySnapshot) {
      guard let snapshot = try connection.text("SELECT pg_export_snapshot()"), let address = location.postgres
      else {
        throw AdministrationError(.unusable, doing: "back up \(subject)", reason: "the server gives no snapshot")
      }
      let bytes = try run(address, snapshot, pipe, tell)
      let content = try ContentSummary.of(connection) { try tell("reading \($0) of", bytes) }
      return Result(content: content, encoding: facts.encoding, bytes: bytes)
    }
  }

  private func run(
    _ address: PostgresAddress, _ snapshot: String, _ pipe: DumpPipe,
    _ tell: (String, Int) throws -> Void
  ) throws -> Int {
    let login = try ClientLogin(address, options)
    let command = Command(
      programs.path("pg_dump"),
      [
        // Little compression: the dump has to keep up with the encryption.
        "--format=custom", "--compress=1", "--snapshot=\(snapshot)", "--no-password",
        "--lock-wait-timeout=\(Int(max(1, options.lockTimeout) * 1000))",
      ], environment: .inherited(adding: login.variables))
    var bytes = 0
    do {
      let ended = try command.stream { chunk in
        try pipe.write(chunk)
        bytes += chunk.count
        try tell("dumping", bytes)
      }
      guard ended.status.isSuccess else { throw DumpFailure(subject: subject, text: ended.errorText).error }
    } catch let error as SubprocessError {
      // What stopped the dump says more than that it was stopped.
      throw error.code == .interrupted ? error.cause ?? error : error
    }
    pipe.succeed()
    pipe.closeWriting()
    return bytes
  }
}

/// An outcome that does not end its group.
private func outcome<Value: Sendable>(
  _ body: @Sendable () async throws -> Value
) async -> Swift.Result<Value, any Error> {
  do { return .success(try await body()) } catch { return .failure(error) }
}

/// Reads what `pg_dump` or `pg_restore` said. Names of objects are told, its other words are not: they may quote rows.
struct DumpFailure {
  let subject: String
  let text: String

  var error: AdministrationError {
    for line in text.split(separator: "\n") {
      if let name = DumpFailure.name(in: line, behind: "permission denied for ") {
        return failed(
          "the login may not read \(name)",
          "locktender check lists every missing right as ready SQL; run it as the owner of the database")
      }
      if line.contains("query would be affected by row-level security policy") {
        return failed(
          "a policy hides rows from this login",
          "ALTER ROLE … BYPASSRLS for this login, or name one that owns the tables")
      }
      if line.contains("server version mismatch") {
        return failed("the server is newer than pg_dump", "install the server's version of postgresql-client here")
      }
      if let name = DumpFailure.name(in: line, behind: "extension "), line.contains("is not available") {
        return failed(
          "the extension \(name) is not installed on this machine",
          "install its package here: a backup is tested by restoring it")
      }
      if line.contains("canceling statement due to lock timeout") {
        return failed("somebody holds a lock on a table for long", "find who holds it in pg_locks, then resume")
      }
      if line.contains("password authentication failed") || line.contains("no password supplied") {
        return failed("the server refuses the login", "test it: locktender administration connection test")
      }
      if line.contains("terminating connection") || line.contains("server closed the connection")
        || line.contains("connection to server") && line.contains("lost")
      {
        return failed("the server ended the connection", "look into the server's log, then: locktender resume")
      }
      if line.contains("No space left on device") {
        return failed("no space is left", "free space, then: locktender resume")
      }
    }
    let known = text.split(separator: "\n").count
    return failed(
      "it ended with an error, in \(known) lines that may quote rows and are not shown",
      "run pg_dump by hand with the same login to see them")
  }

  private func failed(_ reason: String, _ advice: String) -> AdministrationError {
    AdministrationError(.unusable, doing: "back up \(subject)", reason: reason, advice: advice)
  }

  private static func name(in line: Substring, behind words: String) -> String? {
    guard let range = line.firstRange(of: words) else { return nil }
    let name = line[range.upperBound...].prefix { $0 != ":" && $0 != "\n" }
    return name.isEmpty ? nil : String(name)
  }
}
