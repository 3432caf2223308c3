internal import Database

/// Which tables of the newest history hold what a table of an older one held, so that a right to the one is a right
/// to the others and to nothing else.
struct GrantMapping {
  let release: Release
  private let layout: HistoryLayout

  init(_ release: Release) {
    self.release = release
    layout = HistoryLayout(release)
  }

  /// The old tables that hold a history.
  var sources: [String] { layout.all }

  /// The old tables from which a new one is filled: whoever may do a thing with all of them may do it with the new one.
  func origins(of table: String) -> [String] {
    switch table {
    case "change_request": [layout.requests]
    case "property_change": [release.changesArePacked ? layout.requests : "property_change"]
    case "request_section": [layout.sections ?? layout.requests]
    // Spoilt texts of any table are kept whole here.
    case "original_value": layout.all
    default:
      TaskKind.allCases.filter { $0.table(in: .newest) == table }.map { $0.table(in: release) }
    }
  }

  /// The new tables in the order of their names.
  static let tables = HistoryTables.all.sorted()

  /// What can be granted on both sides with the same meaning.
  static let privileges = ["DELETE", "INSERT", "REFERENCES", "SELECT", "TRIGGER", "TRUNCATE", "UPDATE"]
}
