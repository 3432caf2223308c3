internal import Base
internal import Database
internal import Transfer

extension HistoryComparison {
  /// Reads one share of what the source has.
  ///
  /// - Returns: the sums with its facts.
  func readSource(
    _ rows: ComparedRows, _ pieces: SharedPieces, _ share: Int, _ sums: RangeSums, trace: FactTrace?
  ) throws -> RangeSums {
    let connections = ReadConnections(openSource)
    let facts = FactWriter(sums, trace: trace)
    switch (rows, layout) {
    case (.requests, .release75), (.requests, .release76), (.requests, .release80):
      return try readPackedRequests(pieces, share, facts, connections, trace: trace)
    case (.tasks, .release75), (.tasks, .release76), (.tasks, .release80):
      let table = layout.taskTables[0].name
      var reader = PackedTasks(layout, scope, skipping: try skippedTasks.open(), progress, facts)
      for piece in try self.pieces(pieces, share, table, connections) {
        try reader.read(piece, on: connections[0])
      }
      return reader.facts.sums
    case (_, .release81), (_, .release82):
      return try readDivided(rows, .source(layout, scope), pieces, share, facts, openSource)
    }
  }

  /// Reads one share of what the destination holds of this import.
  func readDestination(
    _ rows: ComparedRows, _ pieces: SharedPieces, _ share: Int, _ sums: RangeSums, trace: FactTrace?
  ) throws -> RangeSums {
    let side = DividedSide.destination(importID: importID, layout.keyKind)
    return try readDivided(rows, side, pieces, share, FactWriter(sums, trace: trace), openDestination)
  }

  private func readPackedRequests(
    _ pieces: SharedPieces, _ share: Int, _ facts: consuming FactWriter, _ connections: ReadConnections,
    trace: FactTrace?
  ) throws -> RangeSums {
    var requests = PackedRequests(layout, scope, progress, facts)
    for piece in try self.pieces(pieces, share, layout.requestTable, connections) {
      try requests.read(piece, on: connections[0])
    }
    if layout == .release75 { return requests.facts.sums }
    var sections = SectionRows(layout, scope, progress, FactWriter(requests.facts.sums, trace: trace))
    for piece in try self.pieces(pieces, share, SectionRows.table(layout), connections) {
      try sections.read(piece, on: connections[0])
    }
    return sections.facts.sums
  }

  private func readDivided(
    _ rows: ComparedRows, _ side: DividedSide, _ pieces: SharedPieces, _ share: Int,
    _ facts: consuming FactWriter, _ open: @escaping @Sendable () throws -> Connection
  ) throws -> RangeSums {
    let connections = ReadConnections(open, prepare: side.prepare)
    if rows == .requests {
      var reader = DividedRequests(side, progress, facts)
      for piece in try self.pieces(pieces, share, side.layout.requestTable, connections, .uuid) {
        try reader.read(piece, on: connections)
      }
      return reader.sums
    }
    var reader = DividedTasks(side, skipping: try skippedTasks.open(), progress, facts)
    for kind in TaskColumns.all {
      for piece in try self.pieces(pieces, share, kind.table, connections, .uuid) {
        try reader.read(kind, piece, on: connections)
      }
    }
    return reader.sums
  }

  private func pieces(
    _ pieces: SharedPieces, _ share: Int, _ table: String, _ connections: ReadConnections,
    _ kind: Key.Kind = .integer
  ) throws -> [KeyRange] {
    try pieces.share(share, of: table) { try KeyPieces(of: [(table, "id")], kind, on: connections[0]) }
  }
}
