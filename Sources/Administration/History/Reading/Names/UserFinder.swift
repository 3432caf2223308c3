internal import Base
internal import Database

/// Finds the account that somebody means: as it stands in the history, whatever its case, or by its short form.
struct UserFinder {
  let connection: Connection

  func find(_ typed: String) throws -> SubjectSearch {
    if try isInitiator(typed) || isApprover(typed) { return .found(found(typed)) }
    let result = try NameSearch(connection: connection).accounts(NameMatch(typed))
    switch result.names.count {
    case 0: return .nothing(near: result.near)
    case 1: return .found(found(result.names[0]))
    default: return .several(try result.names.map { try candidate($0) })
    }
  }

  private func found(_ account: String) -> FoundSubject {
    FoundSubject(
      subject: HistorySubject(
        kind: .user, id: nil, name: account, names: [HistoryName(name: account, span: TimeSpan())],
        notes: ["the history does not keep when a task was decided: it stands with the time of its request"]),
      parts: [.init(key: .initiator(account))], isTaskSubject: false)
  }

  private func isInitiator(_ account: String) throws -> Bool {
    try connection.integer("SELECT 1 FROM change_request WHERE \(fragment: .isName(account, "initiator")) LIMIT 1")
      != nil
  }

  /// No index of 8.2 leads from an approver to the tasks: the table of approvals, small against that of requests, is
  /// read.
  private func isApprover(_ account: String) throws -> Bool {
    try connection.integer("SELECT 1 FROM approval_task WHERE approver = \(account) LIMIT 1") != nil
  }

  private func candidate(_ account: String) throws -> HistoryCandidate {
    try connection.first(
      """
      SELECT count(*), min(requested_at), max(requested_at) FROM change_request
      WHERE \(fragment: .isName(account, "initiator"))
      """, [.integer, .timestamp, .timestamp]
    ) { row in
      HistoryCandidate(
        key: account, name: account, requests: Int(row.integer(0) ?? 0), first: row.timestamp(1),
        last: row.timestamp(2))
    } ?? HistoryCandidate(key: account, name: account, requests: 0, first: nil, last: nil)
  }
}
