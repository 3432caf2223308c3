internal import Base
internal import Database

/// A set of requests, as parts that do not overlap and that an index leads to each: by object id, by name, by initiator.
struct RequestSelection {
  struct Part {
    /// An indexed column and its value.
    let key: SQL
    /// What else must hold; nil for nothing.
    let condition: SQL?
    /// When the request was made.
    let span: TimeSpan
    /// Told by the name of the object, since the rows have no id.
    let isByName: Bool

    static func object(_ id: UniqueID) -> Part {
      Part(key: "object_guid = \(id)", condition: nil, span: TimeSpan(), isByName: false)
    }

    /// Rows without an id.
    static func name(_ name: String, _ span: TimeSpan) -> Part {
      Part(key: "object_dn = \(name)", condition: "object_guid IS NULL", span: span, isByName: true)
    }

    /// All rows of a name, whatever had it.
    static func everything(named name: String) -> Part {
      Part(key: "object_dn = \(name)", condition: nil, span: TimeSpan(), isByName: true)
    }

    static func initiator(_ account: String) -> Part {
      Part(key: "initiator = \(account)", condition: nil, span: TimeSpan(), isByName: false)
    }

    func within(_ span: TimeSpan) -> Part? {
      self.span.intersection(span).map { Part(key: key, condition: condition, span: $0, isByName: isByName) }
    }

    /// The condition on rows of `change_request`, under an alias where the statement has one.
    func sql(_ alias: String = "") -> SQL {
      var sql = SQL(unsafeSQL: alias) + key
      if let condition { sql = sql + " AND \(unsafeSQL: alias)\(fragment: condition)" }
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

extension TimeSpan {
  /// ` AND …` for each end.
  func sql(_ column: String) -> SQL {
    var sql: SQL = ""
    if let from { sql = sql + " AND \(unsafeSQL: column) >= \(from)" }
    if let until { sql = sql + " AND \(unsafeSQL: column) < \(until)" }
    return sql
  }
}
