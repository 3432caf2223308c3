/// A chapter of a report: a heading, and tables or charts of plain values.
public struct ReportSection: Sendable, Codable, Equatable {
  public struct Table: Sendable, Codable, Equatable {
    public let columns: [String]
    public let rows: [[String]]

    public init(columns: [String], rows: [[String]]) {
      self.columns = columns
      self.rows = rows
    }
  }

  /// Bars with a label and a number each.
  public struct Chart: Sendable, Codable, Equatable {
    public struct Bar: Sendable, Codable, Equatable {
      public let label: String
      public let value: Double

      /// - Parameter value: what is not finite, such as a quotient by zero, becomes zero: JSON has no word for it.
      public init(label: String, value: Double) {
        self.label = label
        self.value = value.isFinite ? value : 0
      }
    }

    public let title: String
    public let unit: String
    public let bars: [Bar]

    public init(title: String, unit: String, bars: [Bar]) {
      self.title = title
      self.unit = unit
      self.bars = bars
    }
  }

  public let heading: String
  public let text: String?
  public let tables: [Table]
  public let charts: [Chart]
  /// Rows by table, which the report shows in its own chapter on rows rather than in this one.
  public let counts: [TableCount]

  public init(
    heading: String, text: String? = nil, tables: [Table] = [], charts: [Chart] = [], counts: [TableCount] = []
  ) {
    self.heading = heading
    self.text = text
    self.tables = tables
    self.charts = charts
    self.counts = counts
  }
}
