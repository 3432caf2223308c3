import Base
import Database
import Migration
import TestSupport

@testable import Administration

/// A history of the newest release on either engine, filled row by row, and what reads it.
struct ReadingBench {
  let folder: TestFolder
  let location: DatabaseLocation
  let connection: Connection
  static let created = Timestamp(rfc3339: "2026-01-01T00:00:00Z")!

  init(_ engine: Engine) throws {
    folder = try TestFolder(.own)
    if engine == .sqlite {
      location = .sqlite(path: folder.path + "/history.db")
    } else {
      let server = try PrivatePostgres.shared()
      let name = try server.createDatabase(PrivatePostgres.freshName("reading"))
      location = server.location(name)
    }
    connection = try Connection.open(location, options: .create)
    let schema = ReleaseSchema(.newest, .history)
    for statement
      in schema.tableStatements(for: engine) + schema.keyStatements(for: engine)
      + schema.indexStatements(for: engine)
    {
      try connection.execute(SQL(unsafeSQL: statement))
    }
    for (name, value) in [
      ("product", DatabaseIdentity.product), ("version", "8.2"), ("database_type", "history"),
      ("database_id", UniqueID.random().description), ("created_at", ReadingBench.created.description),
      ("paired_configuration", UniqueID(high: 0, low: 0).description),
    ] {
      try connection.execute("INSERT INTO product_info (name, value) VALUES (\(name), \(value))")
    }
  }

  static func key(_ at: Timestamp, _ number: Int) -> UniqueID {
    UniqueID(milliseconds: at.milliseconds, hashHigh: 0, hashLow: UInt64(number))
  }

  // MARK: Rows

  /// - Returns: the request's key.
  @discardableResult
  func request(
    _ number: Int, _ at: String, _ name: String, _ operation: String = "modify", guid: UniqueID? = nil,
    by initiator: String = "CORP\\anna", state: String = "completed", importID: Int64 = 0,
    properties: [(name: String, old: String?, new: String?)] = []
  ) throws -> UniqueID {
    let time = Timestamp(rfc3339: at)!
    let id = ReadingBench.key(time, number)
    try connection.execute(
      """
      INSERT INTO change_request (id, operation, object_guid, object_dn, object_class, initiator, account_used, host,
        requested_at, requested_offset, completed_at, completed_offset, zone, ambiguous, state, reason, import_id,
        source_key)
      VALUES (\(id), \(operation), \(guid), \(name), 'user', \(initiator), 'CORP\\svc', 'srv1', \(time), 3600,
        \(time.advanced(seconds: 5)), 3600, 'Europe/Vienna', \(false), \(state), NULL, \(importID),
        \(String(number)))
      """)
    for (ordinal, property) in properties.enumerated() {
      try connection.execute(
        """
        INSERT INTO property_change (request_id, ordinal, name, old_value, new_value, import_id)
        VALUES (\(id), \(ordinal), \(property.name), \(property.old), \(property.new), \(importID))
        """)
    }
    return id
  }

  @discardableResult
  func rename(
    _ number: Int, _ at: String, guid: UniqueID? = nil, _ old: String, to new: String, state: String = "completed"
  ) throws -> UniqueID {
    try request(
      number, at, old, "rename", guid: guid, state: state, properties: [("distinguishedName", old, new)])
  }

  func approval(
    _ number: Int, of request: UniqueID?, subject: String, by approver: String, state: String = "completed",
    decision: String? = "approved", due: String? = nil
  ) throws {
    let due = due.flatMap { Timestamp(rfc3339: $0) }
    try connection.execute(
      """
      INSERT INTO approval_task (id, request_id, subject, approver, due_at, due_offset, zone, ambiguous, state,
        decision, comment, import_id, source_key, revision)
      VALUES (\(ReadingBench.key(due ?? ReadingBench.created, number)), \(request), \(subject), \(approver), \(due),
        \(due.map { _ in Int64(0) }), 'UTC', \(false), \(state), \(decision), NULL, 0, '', 0)
      """)
  }

  func membership(_ number: Int, of request: UniqueID?, member: String, group: String, due: String) throws {
    let due = Timestamp(rfc3339: due)!
    try connection.execute(
      """
      INSERT INTO temporal_membership_task (id, request_id, member, group_dn, action, due_at, due_offset, zone,
        ambiguous, state, import_id, source_key, revision)
      VALUES (\(ReadingBench.key(due, number)), \(request), \(member), \(group), 'remove', \(due), 0, 'UTC',
        \(false), 'held', 0, '', 0)
      """)
  }

  func source(_ number: Int64, _ name: String) throws {
    try connection.execute(
      """
      INSERT INTO history_source (id, identity, kind, name, version, first_seen_at)
      VALUES (\(number), \(UniqueID.random().description), 'database', \(name), '7.5', \(ReadingBench.created))
      """)
  }

  func history(
    _ number: Int64, of source: Int64, from: String?, until: String?, state: String = "complete",
    run: UniqueID = UniqueID.random()
  ) throws {
    try connection.execute(
      """
      INSERT INTO history_import (id, source_id, run_id, range_from, range_until, state, started_at)
      VALUES (\(number), \(source), \(run), \(from.flatMap { Timestamp(rfc3339: $0) }),
        \(until.flatMap { Timestamp(rfc3339: $0) }), \(state), \(ReadingBench.created))
      """)
  }

  // MARK: Reading

  struct Told {
    var heading: HistoryReading.Heading?
    var entries: [HistoryEntry] = []
    var answer: HistoryReading.Answer
    var said: [String] = []

    var numbers: [Int] { entries.map { Int($0.id.low & 0xFFFF_FFFF) } }

    var closing: HistoryReading.Closing? {
      if case .told(let closing) = answer { closing } else { nil }
    }

    var candidates: [HistoryCandidate] {
      if case .several(let candidates) = answer { candidates } else { [] }
    }
  }

  func ask(
    _ question: HistoryReading.Question, _ filter: HistoryFilter = HistoryFilter(), login: DatabaseLocation? = nil
  ) throws -> Told {
    try ReadingBench.ask(question, filter, at: login ?? location, folder.path)
  }

  static func ask(
    _ question: HistoryReading.Question, _ filter: HistoryFilter = HistoryFilter(), at location: DatabaseLocation,
    _ folder: String
  ) throws -> Told {
    let section = AdministrationSection(
      sources: [], destination: DestinationSettings(configuration: nil, history: location.description),
      backups: BackupSettings(folder: folder + "/backups", key: nil, keep: 1))
    let workplace = Workplace(
      folder: folder, clock: SystemClock(), program: "locktender test", secrets: FixedSecrets())
    var told = Told(answer: .unknown(near: []))
    var said: [String] = []
    told.answer = try HistoryReading(section, in: workplace).answer(question, filter) {
      said.append($0)
    } begin: {
      told.heading = $0
    } entry: {
      told.entries.append($0)
    }
    told.said = said
    return told
  }
}

let engines: [Engine] = [.sqlite, .postgresql]
