public import Database

/// How a stream's rows are read: a select list, where from, and the key that orders them.
public struct SourceScan: Sendable {
  /// Column expressions; the first is the key.
  public let columns: [String]
  public let kinds: [ColumnKind]
  /// A table with its joins, as it follows FROM.
  public let from: String
  /// The key as an expression that an index serves.
  public let keyExpression: String
  public let keyKind: Key.Kind
  /// Whether a key names one row. Rows that share a key are never parted by a batch's end.
  public let keyIsUnique: Bool
  /// The columns that rows are ordered by; the key first.
  public let order: [String]
  /// A further condition, as it follows AND; nil for none.
  public let condition: String?

  public init(
    columns: [String], kinds: [ColumnKind], from: String, keyExpression: String, keyKind: Key.Kind,
    keyIsUnique: Bool = true, order: [String]? = nil, condition: String? = nil
  ) {
    self.columns = columns
    self.kinds = kinds
    self.from = from
    self.keyExpression = keyExpression
    self.keyKind = keyKind
    self.keyIsUnique = keyIsUnique
    self.order = order ?? [keyExpression]
    self.condition = condition
  }

  /// The rows of a range in the order of their keys.
  public func query(_ range: KeyRange) -> SQL {
    """
    SELECT \(unsafeSQL: columns.joined(separator: ", ")) FROM \(unsafeSQL: from)
    WHERE \(fragment: bounds(range)) ORDER BY \(unsafeSQL: order.joined(separator: ", "))
    """
  }

  /// How many rows a range has.
  func countQuery(_ range: KeyRange) -> SQL {
    "SELECT count(*) FROM \(unsafeSQL: from) WHERE \(fragment: bounds(range))"
  }

  var highestKeyQuery: SQL {
    SQL.first(
      1,
      of: """
        \(unsafeSQL: keyExpression) FROM \(unsafeSQL: from)
        WHERE \(fragment: bounds(.all)) ORDER BY \(unsafeSQL: keyExpression) DESC
        """)
  }

  /// The key of the last of so many rows above a key; no row where there are fewer.
  func key(after rows: Int, above lower: Key?) -> SQL {
    """
    SELECT \(unsafeSQL: keyExpression) FROM \(unsafeSQL: from)
    WHERE \(fragment: bounds(KeyRange(above: lower, through: nil)))
    ORDER BY \(unsafeSQL: keyExpression) LIMIT 1 OFFSET \(unsafeSQL: String(rows - 1))
    """
  }

  private func bounds(_ range: KeyRange) -> SQL {
    var condition: SQL = "(\(unsafeSQL: self.condition ?? "1 = 1"))"
    if let lower = range.lower { condition = condition + " AND \(unsafeSQL: keyExpression) > \(key: lower)" }
    if let upper = range.upper { condition = condition + " AND \(unsafeSQL: keyExpression) <= \(key: upper)" }
    return condition
  }

  /// The key of a row in a block that this scan filled.
  func key(of block: borrowing RowBlock, row: Int) -> Key? { key(of: block[row]) }

  /// The key of a row that this scan delivered.
  func key(of row: borrowing RowView) -> Key? {
    switch keyKind {
    case .integer: row.integer(0).map(Key.integer)
    case .uuid: row.uuid(0).map(Key.uuid)
    }
  }
}

extension SQL.StringInterpolation {
  mutating func appendInterpolation(key: Key) {
    switch key {
    case .integer(let value): appendInterpolation(value)
    case .uuid(let value): appendInterpolation(value)
    }
  }
}
