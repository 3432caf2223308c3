internal import Database
internal import Transfer

/// The tables of an 8.2 history as an import writes them: names and columns in the order of the transforms.
enum HistoryTables {
  static let request = OutputTable(
    "change_request",
    [
      ("id", .uuid), ("operation", .text), ("object_guid", .uuid), ("object_dn", .text), ("object_class", .text),
      ("initiator", .text), ("account_used", .text), ("host", .text), ("requested_at", .timestamp),
      ("requested_offset", .integer), ("completed_at", .timestamp), ("completed_offset", .integer), ("zone", .text),
      ("ambiguous", .boolean), ("state", .text), ("reason", .text), ("import_id", .integer), ("source_key", .text),
    ])

  static let property = OutputTable(
    "property_change",
    [
      ("request_id", .uuid), ("ordinal", .integer), ("name", .text), ("old_value", .text), ("new_value", .text),
      ("import_id", .integer),
    ])

  static let section = OutputTable(
    "request_section",
    [
      ("request_id", .uuid), ("ordinal", .integer), ("kind", .text), ("name", .text), ("outcome", .text),
      ("message", .text), ("import_id", .integer),
    ])

  static let original = OutputTable(
    "original_value",
    [("row_id", .uuid), ("ordinal", .integer), ("field", .text), ("value", .bytes), ("import_id", .integer)])

  static func task(_ kind: TaskKind) -> OutputTable {
    let own: [(String, ColumnKind)] =
      switch kind {
      case .approval: [("subject", .text), ("approver", .text)]
      case .temporalMembership: [("member", .text), ("group_dn", .text), ("action", .text)]
      case .deprovisioning: [("subject", .text), ("policy", .text)]
      }
    let behind: [(String, ColumnKind)] =
      switch kind {
      case .approval: [("decision", .text), ("comment", .text)]
      case .temporalMembership: []
      case .deprovisioning: [("actions", .text)]
      }
    return OutputTable(
      kind.table(in: .v8_2),
      [("id", .uuid), ("request_id", .uuid)] + own + [
        ("due_at", .timestamp), ("due_offset", .integer), ("zone", .text), ("ambiguous", .boolean),
        ("state", .text),
      ] + behind + [("import_id", .integer), ("source_key", .text), ("revision", .integer)])
  }

  /// Every table that an import writes, in the order in which a removal must go through them.
  static let all: [String] =
    ["original_value", "property_change", "request_section"] + TaskKind.allCases.map { $0.table(in: .v8_2) }
    + ["change_request"]

  /// Those whose rows have a key of their own and tell the one that they had in the source.
  static let keyed: [String] = ["change_request"] + TaskKind.allCases.map { $0.table(in: .v8_2) }
}
