internal import Database
internal import Transfer

/// Which columns of a release's requests are read, and where each stands in a scanned row.
struct RequestColumns {
  let release: Release
  let scan: SourceScan

  // The first eight stand in the same place in all releases.
  static let key = 0
  static let operation = 1
  static let guid = 2
  static let dn = 3
  static let objectClass = 4
  static let initiator = 5
  static let account = 6
  static let host = 7
  static let submitted = 8
  static let submittedMark = 9
  static let completed = 10
  static let completedMark = 11
  static let zone = 12
  static let state = 13
  /// The packed text, or the reason where changes stand in rows.
  static let text = 14
  /// Present in 8.2 only.
  static let ambiguous = 15

  init(_ release: Release, condition: String?) {
    self.release = release
    let table: String
    let times: [String]
    let kinds: [ColumnKind]
    switch release {
    case .v7_5:
      table = "request"
      times = ["submitted", "NULL", "completed", "NULL"]
      kinds = [.text, .text, .text, .text]
    case .v7_6:
      table = "change_history"
      times = ["submitted", "submitted_fold", "completed", "completed_fold"]
      kinds = [.text, .integer, .text, .integer]
    case .v8_0, .v8_1:
      table = "change_request"
      times = ["submitted_at", "submitted_offset", "completed_at", "completed_offset"]
      kinds = [.timestamp, .integer, .timestamp, .integer]
    case .v8_2:
      table = "change_request"
      times = ["requested_at", "requested_offset", "completed_at", "completed_offset"]
      kinds = [.timestamp, .integer, .timestamp, .integer]
    }
    let term: ColumnKind = release.termsAreCodes ? .integer : .text
    var columns = [
      "id", "operation", "object_guid", "object_dn", "object_class", "initiator", "account_used", "host",
    ]
    var allKinds: [ColumnKind] = [
      release.keysAreIntegers ? .integer : .uuid, term, release.termsAreCodes ? .text : .uuid, .text, .text, .text,
      .text, .text,
    ]
    columns += times
    allKinds += kinds
    columns += ["zone", release.termsAreCodes ? "status" : "state"]
    allKinds += [.text, term]
    columns.append(release == .v7_5 ? "detail" : release.changesArePacked ? "changes" : "reason")
    allKinds.append(.text)
    if release == .v8_2 {
      columns.append("ambiguous")
      allKinds.append(.boolean)
    }
    scan = SourceScan(
      columns: columns, kinds: allKinds, from: table, keyExpression: "id",
      keyKind: release.keysAreIntegers ? .integer : .uuid, condition: condition)
  }
}
