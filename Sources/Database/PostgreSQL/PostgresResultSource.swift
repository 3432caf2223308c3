internal import Base
internal import CPostgres

/// A result in memory, in binary format.
@safe
final class PostgresResultSource: RowSource {
  // SAFETY: field pointers are used while the result lives.
  private let result: PostgresResult
  private let kinds: [ColumnKind]
  private var next = 0
  let mismatches: [DatabaseError.Place] = []

  init(_ result: consuming PostgresResult, _ kinds: [ColumnKind]) throws(DatabaseError) {
    guard result.columnCount == kinds.count else {
      throw DatabaseError(
        .misuse, doing: "read rows",
        reason: "the statement gives \(result.columnCount) columns, \(kinds.count) are expected")
    }
    for (column, kind) in kinds.enumerated() {
      let type = result.type(ofColumn: column)
      if kind.accepts(postgresType: type) || kind.widens(postgresType: type) { continue }
      throw DatabaseError.unfit(column, type, kind)
    }
    self.result = result
    self.kinds = kinds
  }

  func close() { next = result.rowCount }

  func read(into block: inout RowBlock, rows: Int, bytes: Int) throws(DatabaseError) {
    let pointer = unsafe result.pointer
    while next < result.rowCount, block.count < rows, block.byteCount < bytes {
      block.beginRow()
      for column in 0..<kinds.count {
        let (row, index) = (Int32(next), Int32(column))
        if unsafe PQgetisnull(pointer, row, index) != 0 {
          block.appendNull()
          continue
        }
        let length = Int(unsafe PQgetlength(pointer, row, index))
        let field = unsafe RawSpan(_unsafeStart: PQgetvalue(pointer, row, index), byteCount: length)
        try append(field, kinds[column], to: &block)
      }
      block.endRow()
      next += 1
    }
  }

  /// Integers are written in the width of their kind, everything else stays as it came.
  private func append(_ field: RawSpan, _ kind: ColumnKind, to block: inout RowBlock) throws(DatabaseError) {
    guard kind == .integer || kind == .medium, field.byteCount < kind.width else {
      guard kind.width == 0 || kind.width == field.byteCount else {
        throw DatabaseError(
          .mismatch, doing: "read rows", reason: "the server sent \(field.byteCount) bytes as \(kind)")
      }
      block.append(field)
      return
    }
    var value: Int64 = 0
    for index in 0..<field.byteCount {
      let byte = unsafe field.unsafeLoad(fromByteOffset: index, as: UInt8.self)
      value = index == 0 ? Int64(Int8(bitPattern: byte)) : value << 8 | Int64(byte)
    }
    block.append(value)
  }
}

extension ColumnKind {
  /// Whether a column of that type has this kind's binary form.
  func accepts(postgresType type: UInt32) -> Bool {
    switch self {
    case .boolean: type == PostgresType.bool
    case .small: type == PostgresType.int2
    case .medium: type == PostgresType.int4
    case .integer: type == PostgresType.int8
    case .text:
      [
        PostgresType.text, PostgresType.varchar, PostgresType.bpchar, PostgresType.name, PostgresType.json,
        PostgresType.xml, PostgresType.unknown,
      ].contains(type)
    case .bytes: type == PostgresType.bytea
    case .uuid: type == PostgresType.uuid
    case .timestamp: type == PostgresType.timestamptz || type == PostgresType.timestamp
    }
  }

  /// Whether every value of that type is one of this kind, written wider.
  func widens(postgresType type: UInt32) -> Bool {
    switch self {
    case .integer: type == PostgresType.int2 || type == PostgresType.int4
    case .medium: type == PostgresType.int2
    default: false
    }
  }

  /// The type that this kind's binary form belongs to.
  var postgresTypeName: String {
    switch self {
    case .boolean: "boolean"
    case .small: "smallint"
    case .medium: "integer"
    case .integer: "bigint"
    case .text: "text"
    case .bytes: "bytea"
    case .uuid: "uuid"
    case .timestamp: "timestamptz"
    }
  }
}

extension DatabaseError {
  static func unfit(_ column: Int, _ type: UInt32, _ kind: ColumnKind) -> DatabaseError {
    DatabaseError(
      .mismatch, doing: "read rows", reason: "column \(column) has type number \(type), which is no \(kind)",
      advice: "Cast the column in the statement: `::\(kind.postgresTypeName)`.")
  }
}
