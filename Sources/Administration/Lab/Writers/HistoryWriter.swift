internal import Database

/// Shows the history in the shape of a release.
protocol HistoryWriter: ~Copyable {
  init(_ schema: ReleaseSchema)
  mutating func write(_ event: borrowing HistoryEvent)
  var isFull: Bool { get }
  mutating func flush(to connection: Connection) throws(DatabaseError)
  /// How many rows each table got.
  var totals: [TableTotal] { get }
}

/// The words of a release as bytes, found without a search.
struct Words<Term: Vocabulary> {
  private let names: [Term: [UInt8]]

  init(_ release: Release) {
    names = .init(uniqueKeysWithValues: Term.table.map { ($0.term, Array(($0.term.name(in: release) ?? "").utf8)) })
  }

  subscript(_ term: Term) -> [UInt8] { names[term] ?? [] }
}
