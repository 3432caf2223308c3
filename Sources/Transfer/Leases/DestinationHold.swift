internal import Base
public import Database
internal import Migration
internal import Synchronization

/// The right to write to a destination, held by one process at a time.
///
/// SQLite: an open-file-description lock on a file beside the database. PostgreSQL: a session lock on a connection
/// of its own, refused where a pooler would hand that session to others. Both end with the process, so that nothing
/// can go stale. Each time the hold is taken, a *fencing token* in the destination grows; every batch checks it, so
/// that a process that lost the hold without noticing cannot commit.
public final class DestinationHold: Sendable {
  private enum State: ~Copyable {
    case free
    case file(FileLock, token: Int64)
    case session(Connection, token: Int64)
    /// The session that had it broke. Workers that have read the token go on with it, so it does not grow where a new
    /// session cannot be had at once.
    case lost(token: Int64)
  }

  /// `locktend` in ASCII: the advisory lock's number in every database.
  static let lockNumber: Int64 = 0x6C6F_636B_7465_6E64

  private let location: DatabaseLocation
  private let opening: @Sendable () throws -> Connection
  private let state = Mutex<State>(.free)
  /// The server's processes of all sessions that were to have the lock.
  private let backends = Mutex<Set<Int>>([])

  public init(_ location: DatabaseLocation, open: @escaping @Sendable () throws -> Connection) {
    self.location = location
    opening = open
  }

  /// Takes the hold, unless this object has it. Where the session that had it broke meanwhile, it is taken again,
  /// provided that nobody else has had it since.
  ///
  /// - Returns: the fencing token.
  /// - Throws: ``MigrationError`` `inUse` where another process has it, `blocked` behind a transaction pooler.
  @discardableResult
  public func take() throws -> Int64 {
    try state.withLock { state in
      var lost: Int64?
      switch state {
      case .file(_, let token): return token
      case .session(let connection, let token):
        if DestinationHold.isAlive(connection) { return token }
        lost = token
      case .lost(let token): lost = token
      case .free: break
      }
      if let lost {
        state = .lost(token: lost)
        let fresh = try lockedSession()
        try DestinationHold.confirm(lost, on: fresh)
        state = .session(fresh, token: lost)
        return lost
      }
      if let path = DestinationHold.lockPath(location) {
        guard let lock = try FileLock.attempt(path) else { throw inUse() }
        let connection = try opening()
        let token = try DestinationHold.nextToken(on: connection)
        try connection.close()
        state = .file(lock, token: token)
        return token
      }
      let connection = try lockedSession()
      let token = try DestinationHold.nextToken(on: connection)
      state = .session(connection, token: token)
      return token
    }
  }

  /// A session that has the lock: it keeps it until it ends.
  ///
  /// A server tells of a session's end before the session's locks are free (ProcessInterrupts and proc_exit of
  /// PostgreSQL), so an earlier session of our own is waited for.
  private func lockedSession() throws -> Connection {
    let connection = try opening()
    try refusePooler(connection)
    let own = try connection.serverFacts().backendProcess
    // Known before it has the lock: it may break right behind that.
    let earlier = backends.withLock { known in
      defer { if let own { known.insert(own) } }
      return known
    }
    let deadline = ContinuousClock.now + DestinationHold.longestFarewell
    while try !connection.tryAdvisoryLock(key: DestinationHold.lockNumber) {
      guard !earlier.isEmpty, ContinuousClock.now < deadline else { throw inUse() }
      // No holder: it ended just now.
      if let holder = try DestinationHold.holder(on: connection), !earlier.contains(holder) { throw inUse() }
      blockThread(seconds: 0.02)
    }
    return connection
  }

  /// How long a server may take to clear a session away.
  private static let longestFarewell = Duration.seconds(10)

  private static func isAlive(_ connection: Connection) -> Bool {
    do {
      return try connection.integer("SELECT 1") == 1
    } catch {
      // Whatever keeps it from answering: what it had must be proved on another one.
      return false
    }
  }

  /// Gives the hold back. Ending the process does the same.
  public func release() {
    state.withLock { state in state = .free }
  }

  /// Gives the hold back together with the file that it locked, for a database that is there no more.
  public func releaseForGood() throws {
    try state.withLock { state in
      // Removed while it is locked: whoever locks the nameless file finds out and makes a new one.
      if let path = DestinationHold.lockPath(location), try Files.exists(path) { try Files.remove(path) }
      state = .free
    }
  }

  /// Whether another process holds a destination right now. Changes nothing.
  public static func isHeldElsewhere(_ location: DatabaseLocation, on connection: Connection) throws -> Bool {
    if let lock = lockPath(location) { return try FileLock.isHeld(lock) }
    return try holder(on: connection) != nil
  }

  /// The server's process of the session that has the lock.
  private static func holder(on connection: Connection) throws -> Int? {
    try connection.integer(
      """
      SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND classid = \(lockNumber >> 32) AND objid = \(lockNumber & 0xFFFF_FFFF)
      """
    ).map { Int($0) }
  }

  /// Inside a batch's transaction: makes sure that the hold is still ours, and keeps it so until the commit.
  static func confirm(_ token: Int64, on connection: Connection) throws {
    // The shared row lock makes whoever takes the hold over wait for batches that are committing.
    let share = connection.engine == .postgresql ? "FOR SHARE" : ""
    let current = try connection.integer(
      "SELECT token FROM locktender_fence WHERE name = 'destination' \(unsafeSQL: share)")
    guard current == token else {
      throw MigrationError(
        .inUse, doing: "write a batch", reason: "another process has taken over the destination",
        advice: "locktender runs shows which run works on it now")
    }
  }

  private static func nextToken(on connection: Connection) throws -> Int64 {
    try LedgerSchema.steps.apply(on: connection)
    // A fence that is made anew after a rollback must not give a number that the earlier one has given.
    let first = Int64.random(in: 1...1 << 48)
    return try connection.transaction(.immediate) {
      try connection.execute(
        """
        INSERT INTO locktender_fence (name, token) VALUES ('destination', \(first))
        ON CONFLICT (name) DO UPDATE SET token = locktender_fence.token + 1
        """)
      return try connection.integer("SELECT token FROM locktender_fence WHERE name = 'destination'") ?? 0
    }
  }

  /// Beside the file itself, by whatever name or link it is reached; nil for a server's database.
  private static func lockPath(_ location: DatabaseLocation) -> String? {
    location.path == nil ? nil : String(location.canonical.dropFirst("sqlite:".count)) + ".locktender-lock"
  }

  /// A pooler in transaction mode gives each transaction another session, and a session lock to everybody.
  private func refusePooler(_ connection: Connection) throws {
    guard try connection.serverFacts().isPooled, try sharesSessions(connection) else { return }
    throw MigrationError(
      .blocked, doing: "take the destination", reason: "the connection goes through a pooler that shares sessions",
      advice: "give the server's own address in platform.json5, not the pooler's")
  }

  /// While another connection keeps a session busy, a pooler that shares them serves the next statement elsewhere.
  private func sharesSessions(_ connection: Connection) throws -> Bool {
    let before = try connection.serverFacts().backendProcess
    let other = try opening()
    return try other.transaction(.deferred) {
      let busy = try other.serverFacts().backendProcess
      let after = try connection.serverFacts().backendProcess
      return before != after || busy == before
    }
  }

  private func inUse() -> MigrationError {
    MigrationError(
      .inUse, doing: "take the destination", reason: "another run is writing to it",
      advice: "locktender runs lists the runs here; wait for it, or stop it with locktender cancel RUN")
  }
}
