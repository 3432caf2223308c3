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

  private let connection: Mutex<Connection>

  /// Opens a run's journal, or makes it.
  public init(path: String) throws {
    let connection = try Connection.open(
      .sqlite(path: path), options: ConnectOptions(access: .create, lockTimeout: 10))
    try connection.execute(unsafeScript: "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL")
    try Journal.schema.apply(on: connection)
    self.connection = Mutex(connection)
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
    let name = try connection.withLock {
      try $0.text("SELECT to_state FROM transition ORDER BY number DESC LIMIT 1")
    }
    guard let name else { return .planned }
    guard let state = RunState(rawValue: name) else {
      throw MigrationError(.damaged, doing: "read the run's state", reason: "unknown state")
    }
    return state
  }

  /// Takes an input and writes the transition.
  ///
  /// - Returns: the states before and after.
  /// - Throws: ``MigrationError`` `wrongState` where the state refuses the input.
  @discardableResult
  public func advance(_ input: RunState.Input, at time: Timestamp) throws -> (from: RunState, to: RunState) {
    let from = try state()
    guard let to = from.next(input) else {
      throw MigrationError(
        .wrongState, doing: "\(input.rawValue) the run", reason: "the run is \(from.rawValue)",
        advice: "locktender status shows what can follow")
    }
    try connection.withLock {
      _ = try $0.execute(
        """
        INSERT INTO transition (at, from_state, input, to_state)
        VALUES (\(time.microseconds), \(from.rawValue), \(input.rawValue), \(to.rawValue))
        """)
    }
    return (from, to)
  }

  /// Every transition so far, oldest first.
  public func transitions() throws -> [(at: Timestamp, from: RunState, to: RunState)] {
    var all: [(at: Timestamp, from: RunState, to: RunState)] = []
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
    return all
  }

  // MARK: Steps

  public func status(ofStep id: String) throws -> StepStatus {
    let name = try connection.withLock { try $0.text("SELECT status FROM step WHERE id = \(id)") }
    return name.flatMap(StepStatus.init(rawValue:)) ?? .unknown
  }

  /// Writes that a step is about to act. From here on, only a probe can tell what happened.
  public func intend(step id: String, at time: Timestamp) throws {
    try connection.withLock {
      _ = try $0.execute(
        """
        INSERT INTO step (id, status, intended_at) VALUES (\(id), 'intended', \(time.microseconds))
        ON CONFLICT (id) DO UPDATE SET status = 'intended', intended_at = coalesce(step.intended_at, excluded.intended_at)
        """)
    }
  }

  public func finish(step id: String, digest: String?, at time: Timestamp) throws {
    try connection.withLock {
      _ = try $0.execute(
        """
        INSERT INTO step (id, status, done_at, digest) VALUES (\(id), 'done', \(time.microseconds), \(digest.sqlValue))
        ON CONFLICT (id) DO UPDATE SET status = 'done', done_at = excluded.done_at, digest = excluded.digest
        """)
    }
  }

  public func undo(step id: String, at time: Timestamp) throws {
    try connection.withLock {
      _ = try $0.execute(
        """
        INSERT INTO step (id, status, done_at) VALUES (\(id), 'undone', \(time.microseconds))
        ON CONFLICT (id) DO UPDATE SET status = 'undone', done_at = excluded.done_at
        """)
    }
  }

  // MARK: Notes

  /// A small fact that a later step, a resume or the report needs: a backup's path and digest, a count.
  public func note(_ name: String, _ value: String) throws {
    try connection.withLock {
      _ = try $0.execute(
        """
        INSERT INTO note (name, value) VALUES (\(name), \(value))
        ON CONFLICT (name) DO UPDATE SET value = excluded.value
        """)
    }
  }

  public func note(_ name: String) throws -> String? {
    try connection.withLock { try $0.text("SELECT value FROM note WHERE name = \(name)") }
  }
}
