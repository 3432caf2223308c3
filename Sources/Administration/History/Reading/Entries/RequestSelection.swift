internal import Base
internal import Database

/// A set of requests, as parts that do not overlap and that an index leads to each: by object id, by name, by initiator.
struct RequestSelection {
  struct Part {
    enum Key {
      case object(UniqueID)
      case name(String)
      case initiator(String)

      fileprivate func sql(_ alias: String) -> SQL {
        switch self {
        case .object(let id): "\(unsafeSQL: alias)object_guid = \(id)"
        case .name(let name): .isName(name, "\(alias)object_dn")
        case .initiator(let account): .isName(account, "\(alias)initiator")
        }
      }
    }

    let key: Key
    /// Only rows that have no id of their object.
    var isNameless = false
    /// When the request was made.
    var span = TimeSpan()

    /// Whether the rows are told by the name of the object.
    var isByName: Bool { if case .name = key { true } else { false } }

    /// Rows without an id.
    static func nameless(_ name: String, _ span: TimeSpan) -> Part {
      Part(key: .name(name), isNameless: true, span: span)
    }

    func within(_ span: TimeSpan) -> Part? {
      self.span.intersection(span).map { Part(key: key, isNameless: isNameless, span: $0) }
    }

    /// The condition on rows of `change_request`, under an alias where the statement has one.
    func sql(_ alias: String = "") -> SQL {
      var sql = key.sql(alias)
      if isNameless { sql = sql + " AND \(unsafeSQL: alias)object_guid IS NULL" }
      return sql + span.sql("\(alias)requested_at")
    }
  }

  let parts: [Part]

  init(_ parts: [Part], within span: TimeSpan) { self.parts = parts.compactMap { $0.within(span) } }

  /// The ids of all, each part by its index.
  var ids: SQL {
    SQL.joined(parts.map { "SELECT id FROM change_request WHERE \(fragment: $0.sql())" }, by: " UNION ALL ")
  }

  /// Whether a row under the alias is one of them; never null.
  func contains(_ alias: String) -> SQL {
    let any = SQL.joined(parts.map { "(\(fragment: $0.sql(alias)))" }, by: " OR ")
    return parts.isEmpty ? "(1 = 0)" : "coalesce(\(fragment: any), 1 = 0)"
  }
}

extension SQL {
  /// That a name is the one given, so that either engine finds it by its index (docs/lineage.md, 8.2).
  static func isName(_ name: String, _ column: String) -> SQL {
    """
    substr(\(unsafeSQL: column), 1, \(unsafeSQL: String(NameSearch.indexedCharacters))) =
      substr(\(name), 1, \(unsafeSQL: String(NameSearch.indexedCharacters))) AND \(unsafeSQL: column) = \(name)
    """
  }
}

extension TimeSpan {
  /// ` AND …` for each end.
  func sql(_ column: String) -> SQL {
    var sql: SQL = ""
    if let from { sql = sql + " AND \(unsafeSQL: column) >= \(from)" }
    if let until { sql = sql + " AND \(unsafeSQL: column) < \(until)" }
    return sql
  }
}
