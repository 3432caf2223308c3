internal import Base
internal import Database
internal import Transfer

/// Compares a log with what an import has made of it.
///
/// Shares no code with the import but the table of attribute names: the log is restored from its encrypted backup,
/// read by a reader of its own, and told as facts; the destination is told as facts by the code that verifies
/// databases.
struct LogComparison: Sendable {
  let source: String
  let importID: Int64
  let openDestination: @Sendable () throws -> Connection
  let range: HistoryRange
  /// Records that earlier imports have brought.
  let earlier: EarlierRequests

  init(source: String, request: ComparisonRequest, earlier: EarlierRequests) {
    self.init(
      source: source, importID: request.importID, openDestination: request.openDestination,
      range: request.plan.range, earlier: earlier)
  }

  init(
    source: String, importID: Int64, openDestination: @escaping @Sendable () throws -> Connection,
    range: HistoryRange, earlier: EarlierRequests = EarlierRequests()
  ) {
    self.source = source
    self.importID = importID
    self.openDestination = openDestination
    self.range = range
    self.earlier = earlier
  }

  /// - Parameter readLog: tells every record of the log.
  func comparison(_ readLog: @escaping @Sendable (inout LogFacts) throws -> Void) -> StreamComparison {
    let pieces = SharedPieces()
    return StreamComparison(
      subject: "\(source)/records", bounds: { try bounds() },
      expected: [
        { sums in
          // A log is read from its beginning to its end, so there is one reader.
          var facts = LogFacts(sums, ComparisonScope(range, skipped: earlier))
          try readLog(&facts)
          sums = facts.sums
        }
      ],
      found: (0..<HistoryComparison.shares).map { share in
        { sums in sums = try readDestination(pieces, share, sums) }
      })
  }

  private func bounds() throws -> [Key] {
    let connection = try openDestination()
    var ends: [UniqueID] = []
    for function in ["min", "max"] {
      let text = try connection.text(
        """
        select \(unsafeSQL: function)(source_key) from change_request where import_id = \(importID)
        """)
      if let id = text.flatMap({ UniqueID($0) }) { ends.append(id) }
    }
    guard ends.count == 2, ends[0] <= ends[1] else { return [] }
    return KeyRange.cut(from: .uuid(ends[0]), through: .uuid(ends[1]), into: HistoryComparison.ranges)
      .compactMap(\.upper)
  }

  private func readDestination(_ pieces: SharedPieces, _ share: Int, _ sums: RangeSums) throws -> RangeSums {
    let side = DividedSide.destination(importID: importID, .uuid)
    let connections = ReadConnections(openDestination, prepare: side.prepare)
    var reader = DividedRequests(side, ReadProgress { _ in }, FactWriter(sums))
    let ranges = try pieces.share(share, of: "change_request") {
      try KeyPieces(of: [("change_request", "id")], .uuid, on: connections[0])
    }
    for range in ranges { try reader.read(range, on: connections) }
    return reader.sums
  }
}
