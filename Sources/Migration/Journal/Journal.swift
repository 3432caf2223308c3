public import Base
internal import Database
internal import Synchronization

/// What a run intended and did, on this machine's disk before it is believed.
///
/// One SQLite file per run with `synchronous=FULL`: each row is on disk when its call returns. Where a
/// destination keeps checkpoints of its own, those are the authority and the journal follows. Calls block.
public final class Journal: Sendable {
  /// What the journal knows of a step.
  public enum StepStatus: String, Sendable {
    case unknown, intended, done, undone
  }

  private let path: String
  private let connection: Mutex<Connection>

  /// Opens a run's journal, or makes it.
  ///
  /// - Throws: ``MigrationError`` `damaged` for a file that is no journal, here and in every call.
  public init(path: String) throws {
    self.path = path
    do {
      let connection = try Connection.open(
        .sqlite(path: path), options: ConnectOptions(access: .create, lockTimeout: 10))
      try connection.execute(unsafeScript: "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL")
      try Journal.schema.apply(on: connection)
      self.connection = Mutex(connection)
    } catch let error as DatabaseError {
      throw Journal.explained(error, path)
    }
  }

  /// What lies in the file's content is damage; what lies around it, such as a full disk, is told as it is.
  private static func explained(_ error: DatabaseError, _ path: String) -> any Error {
    switch error.code {
    case .notADatabase, .corrupt, .syntax, .mismatch, .constraint: damaged("it cannot be read", path, error)
    default: error
    }
  }

  private static func damaged(_ reason: String, _ path: String, _ cause: (any Error)? = nil) -> MigrationError {
    MigrationError(
      .damaged, doing: "read the run's journal", reason: reason,
      advice: "move \(path) away, then: locktender resume; what is in stands in the destination's own checkpoints",
      cause: cause)
  }

  private func telling<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as DatabaseError {
      throw Journal.explained(error, path)
    }
  }

  private func write(_ sql: SQL) throws {
    try telling { _ = try connection.withLock { try $0.execute(sql) } }
  }

  private func text(_ sql: SQL) throws -> String? {
    try telling { try connection.withLock { try $0.text(sql) } }
  }

  static let schema = SchemaSteps(
    table: "journal_schema",
    [
      SchemaStep(
        1, "steps, transitions, notes",
        """
        CREATE TABLE step (
          id text PRIMARY KEY, status text NOT NULL, intended_at integer, done_at integer, digest text
        ) WITHOUT ROWID;
        CREATE TABLE transition (
          number integer PRIMARY KEY, at integer NOT NULL, from_state text NOT NULL, input text NOT NULL,
          to_state text NOT NULL
        );
        CREATE TABLE note (name text PRIMARY KEY, value text NOT NULL) WITHOUT ROWID;
        """)
    ])

  // MARK: State

  /// The run's state: where the last transition led.
  public func state() throws -> RunState {
    try telling { try connection.withLock { try state(on: $0) } }
  }

  private func state(on connection: Connection) throws -> RunState {
    guard let name = try connection.text("SELECT to_state FROM transition ORDER BY number DESC LIMIT 1") else {
      return .planned
    }
    guard let state = RunState(rawValue: name) else { throw Journal.damaged("unknown state", path) }
    return state
  }

  /// Takes an input and writes the transition.
  ///
  /// - Returns: the states before and after.
  /// - Throws: ``MigrationError`` `wrongState` where the state refuses the input.
  @discardableResult
  public func advance(_ input: RunState.Input, at time: Timestamp) throws -> (from: RunState, to: RunState) {
    // In one transaction, since another process may cancel the run at this moment.
    try telling {
      try connection.withLock { connection in
        try connection.transaction(.immediate) {
          let from = try state(on: connection)
          guard let to = from.next(input) else {
            throw MigrationError(
              .wrongState, doing: input.act, reason: "the run is \(from.title)",
              advice: "locktender status shows what can follow")
          }
          try connection.execute(
            """
            INSERT INTO transition (at, from_state, input, to_state)
            VALUES (\(time.microseconds), \(from.rawValue), \(input.rawValue), \(to.rawValue))
            """)
          return (from, to)
        }
      }
    }
  }

  /// Every transition so far, oldest first.
  public func transitions() throws -> [(at: Timestamp, from: RunState, to: RunState)] {
    var all: [(at: Timestamp, from: RunState, to: RunState)] = []
    try telling {
      try connection.withLock { connection in
        try connection.rows(
          "SELECT at, from_state, to_state FROM transition ORDER BY number", [.integer, .text, .text]
        ) { row in
          if let at = row.integer(0), let from = row.string(1).flatMap(RunState.init(rawValue:)),
            let to = row.string(2).flatMap(RunState.init(rawValue:))
          {
            all.append((Timestamp(microseconds: at), from, to))
          }
        }
      }
    }
    return all
  }

  // MARK: Steps

  public func status(ofStep id: String) throws -> StepStatus {
    let name = try text("SELECT status FROM step WHERE id = \(id)")
    return name.flatMap(StepStatus.init(rawValue:)) ?? .unknown
  }

  /// Writes that a step is about to act. From here on, only a probe can tell what happened.
  public func intend(step id: String, at time: Timestamp) throws {
    try write(
      """
      INSERT INTO step (id, status, intended_at) VALUES (\(id), 'intended', \(time.microseconds))
      ON CONFLICT (id) DO UPDATE SET status = 'intended', intended_at = coalesce(step.intended_at, excluded.intended_at)
      """)
  }

  public func finish(step id: String, digest: String?, at time: Timestamp) throws {
    try write(
      """
      INSERT INTO step (id, status, done_at, digest) VALUES (\(id), 'done', \(time.microseconds), \(digest.sqlValue))
      ON CONFLICT (id) DO UPDATE SET status = 'done', done_at = excluded.done_at, digest = excluded.digest
      """)
  }

  public func undo(step id: String, at time: Timestamp) throws {
    try write(
      """
      INSERT INTO step (id, status, done_at) VALUES (\(id), 'undone', \(time.microseconds))
      ON CONFLICT (id) DO UPDATE SET status = 'undone', done_at = excluded.done_at
      """)
  }

  // MARK: Notes

  /// A small fact that a later step, a resume or the report needs: a backup's path and digest, a count.
  public func note(_ name: String, _ value: String) throws {
    try write(
      """
      INSERT INTO note (name, value) VALUES (\(name), \(value))
      ON CONFLICT (name) DO UPDATE SET value = excluded.value
      """)
  }

  /// Takes back what holds no longer.
  public func forget(_ names: [String]) throws {
    for name in names { try write("DELETE FROM note WHERE name = \(name)") }
  }

  public func note(_ name: String) throws -> String? {
    try text("SELECT value FROM note WHERE name = \(name)")
  }
}
