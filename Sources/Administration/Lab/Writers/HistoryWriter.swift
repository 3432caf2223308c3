internal import Database

/// Shows the history in the shape of a release.
protocol HistoryWriter: SendableMetatype, ~Copyable {
  init(_ schema: ReleaseSchema)
  mutating func write(_ event: borrowing HistoryEvent)
  var isFull: Bool { get }
  mutating func flush(to connection: Connection) throws(DatabaseError)
  /// How many rows each table got.
  var totals: [TableTotal] { get }
}

/// The words of a release as bytes, found without a search.
struct Words<Term: Vocabulary> {
  private let names: [[UInt8]]

  init(_ release: Release) { names = Term.table.map { Array(($0.term.name(in: release) ?? "").utf8) } }

  @inline(__always)
  subscript(_ term: Term) -> [UInt8] { names[Int(term.rawValue)] }
}

/// The codes of 7.5 and 7.6 likewise.
struct Codes<Term: Vocabulary> {
  private let codes: [Int64]

  // A term without a code is none that these releases could hold; the lab has none such.
  init() { codes = Term.table.map { $0.code ?? -1 } }

  @inline(__always)
  subscript(_ term: Term) -> Int64 { codes[Int(term.rawValue)] }
}
