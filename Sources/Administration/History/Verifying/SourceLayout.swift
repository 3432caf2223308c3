internal import Transfer

/// A release as far as its tables decide how it is read.
enum SourceLayout: Sendable {
  case release75
  case release76
  case release80
  case release81
  case release82

  init(_ release: Release) {
    switch release {
    case .v7_5: self = .release75
    case .v7_6: self = .release76
    case .v8_0: self = .release80
    case .v8_1: self = .release81
    case .v8_2: self = .release82
    }
  }

  var keyKind: Key.Kind {
    switch self {
    case .release75, .release76, .release80: .integer
    case .release81, .release82: .uuid
    }
  }

  /// Whether times stand as local texts, else as instants with their offset.
  var hasLocalTimes: Bool { self == .release75 || self == .release76 }
  /// Whether operations, states and kinds stand as numbers, else as names.
  var hasCodes: Bool { self == .release75 || self == .release76 }

  /// The table of requests.
  var requestTable: String {
    switch self {
    case .release75: "request"
    case .release76: "change_history"
    case .release80, .release81, .release82: "change_request"
    }
  }

  /// Its column that tells when a request was submitted.
  var submissionColumn: String {
    switch self {
    case .release75, .release76: "submitted"
    case .release80, .release81: "submitted_at"
    case .release82: "requested_at"
    }
  }

  /// The tables of tasks with the kind that each one holds; nil for one that holds all kinds.
  var taskTables: [(name: String, kind: TaskColumns?)] {
    switch self {
    case .release75: [("task", nil)]
    case .release76: [("management_task", nil)]
    case .release80: [("task", nil)]
    case .release81, .release82: TaskColumns.all.map { ($0.table, $0) }
    }
  }
}

/// How the columns of a task table are called that newer releases have for each kind.
struct TaskColumns: Sendable {
  let code: Int64
  let table: String
  let subject: String
  let party: String
  /// What else such a task holds.
  let payload: [String]

  static let approval = TaskColumns(
    code: 1, table: "approval_task", subject: "subject", party: "approver", payload: ["decision", "comment"])
  static let membership = TaskColumns(
    code: 2, table: "temporal_membership_task", subject: "member", party: "group_dn", payload: ["action"])
  static let deprovisioning = TaskColumns(
    code: 3, table: "deprovisioning_task", subject: "subject", party: "policy", payload: ["actions"])
  static let all = [approval, membership, deprovisioning]
}
