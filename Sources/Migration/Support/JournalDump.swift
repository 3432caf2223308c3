internal import Base
internal import Database

/// A run's journal as one JSON value: transitions, steps and notes.
enum JournalDump {
  /// Opens the journal read-only, beside whoever works on it.
  static func read(_ path: String) throws -> PlainValue {
    guard try Files.exists(path) else { return .null }
    let connection = try Connection.open(.sqlite(path: path), options: ConnectOptions(access: .readOnly))
    var transitions: [PlainValue] = []
    try connection.rows(
      "SELECT at, from_state, input, to_state FROM transition ORDER BY number", [.integer, .text, .text, .text]
    ) { row in
      transitions.append(
        .record([
          "at": time(row.integer(0)), "from": text(row.string(1)), "input": text(row.string(2)),
          "to": text(row.string(3)),
        ]))
    }
    var steps: [PlainValue] = []
    try connection.rows(
      "SELECT id, status, intended_at, done_at, digest FROM step ORDER BY coalesce(intended_at, done_at), id",
      [.text, .text, .integer, .integer, .text]
    ) { row in
      steps.append(
        .record([
          "id": text(row.string(0)), "status": text(row.string(1)), "intendedAt": time(row.integer(2)),
          "doneAt": time(row.integer(3)), "digest": text(row.string(4)),
        ]))
    }
    var notes: [PlainValue] = []
    try connection.rows("SELECT name, value FROM note ORDER BY name", [.text, .text]) { row in
      let value = row.string(1) ?? ""
      // A note that is JSON is masked by its members; any other as a text.
      let tree = try? decodeJSON(PlainValue.self, from: Array(value.utf8))
      notes.append(.record(["name": text(row.string(0)), "value": tree ?? .text(value)]))
    }
    return .record(["transitions": .list(transitions), "steps": .list(steps), "notes": .list(notes)])
  }

  private static func text(_ value: String?) -> PlainValue { value.map { .text($0) } ?? .null }

  private static func time(_ microseconds: Int64?) -> PlainValue {
    microseconds.map { .text(Timestamp(microseconds: $0).description) } ?? .null
  }
}
