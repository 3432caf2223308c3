internal import Base
public import Database

/// One scan of a source whose rows become rows of one or more tables of the destination.
public struct TransferStream: Sendable {
  /// Unique within a run: the source's name, a slash, and its own: `main/request`. Streams of one source read through
  /// connections that are alike.
  public let name: String
  /// What a rejected row of it tells of where it came from: `["source": IDENTITY]`.
  public let origin: [String: String]
  public let scan: SourceScan
  public let outputs: [OutputTable]
  /// Opens the source for one reader. All readers of a run see the same state.
  public let openSource: @Sendable () throws -> Connection
  /// Makes the transform for one worker.
  public let makeTransform: @Sendable () throws -> any RowTransform
  /// What removes this run's rows that came from a range of keys; all of them for the open range.
  public let removal: @Sendable (KeyRange) -> [SQL]
  /// How rows in the destination are traced to the range that they came from.
  public let trace: RowTrace

  /// Empty where the name has no slash.
  var sourceName: Substring { name.lastIndex(of: "/").map { name[..<$0] } ?? "" }

  public init(
    name: String, origin: [String: String] = [:], scan: SourceScan, outputs: [OutputTable],
    openSource: @escaping @Sendable () throws -> Connection,
    makeTransform: @escaping @Sendable () throws -> any RowTransform,
    removal: @escaping @Sendable (KeyRange) -> [SQL], trace: RowTrace = .bySourceKey
  ) {
    self.name = name
    self.origin = origin
    self.scan = scan
    self.outputs = outputs
    self.openSource = openSource
    self.makeTransform = makeTransform
    self.removal = removal
    self.trace = trace
  }
}

/// How the rows that a range of source keys has brought are found again, to be taken back before the range is carried
/// anew.
public enum RowTrace: Sendable {
  /// The rows tell their source's key: a removal takes those of its range, and no other.
  case bySourceKey
  /// The rows tell it less precisely: a removal takes those of all keys in the range that this gives for its own. What
  /// else came from there is carried again as well.
  case byReach(@Sendable (KeyRange) -> KeyRange)
  /// The rows do not tell it. Those that the range would bring now are removed by their own keys; where that were not
  /// as many of the first table as it has brought, the source has moved or lost rows, and the whole stream is carried
  /// again.
  ///
  /// - Parameters:
  ///   - rows: removes rows that are like those in the outputs; tells how many of the first table it has removed.
  ///   - all: removes all of the stream, whoever uses it.
  case byOwnKeys(rows: @Sendable (OutputRows, Connection) throws -> Int, all: [SQL])
}

/// A table that a stream writes.
public struct OutputTable: Sendable, Equatable {
  public let name: String
  public let columns: [String]
  public let kinds: [ColumnKind]

  public init(_ name: String, _ columns: [(String, ColumnKind)]) {
    self.name = name
    self.columns = columns.map(\.0)
    kinds = columns.map(\.1)
  }
}

/// Turns source rows into destination rows. Pure: the same row always gives the same rows, on every machine.
///
/// A class, since it keeps scratch memory from row to row; used by one worker at a time.
public protocol RowTransform: AnyObject {
  /// Adds what becomes of one source row to the outputs, in the order of the stream's tables.
  ///
  /// - Returns: false where the row does not belong to what was asked for, such as another time range.
  /// - Throws: ``RowRejection`` for a row that cannot be carried; what it added is then taken back.
  func transform(_ row: borrowing RowView, into outputs: OutputRows) throws(RowRejection) -> Bool
}

/// Why a single row cannot be carried. Holds no value of the row.
public struct RowRejection: Error, Sendable, Equatable {
  /// A short name that can be counted: `submitted.unreadable`.
  public let reason: String
  /// The column that is to blame, where one is.
  public let column: String?

  public init(_ reason: String, column: String? = nil) {
    self.reason = reason
    self.column = column
  }
}
