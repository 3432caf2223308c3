internal import Base
internal import CPostgres

/// The numbers of built-in types (catalogue pg_type).
enum PostgresType {
  static let bool: UInt32 = 16
  static let bytea: UInt32 = 17
  static let name: UInt32 = 19
  static let int8: UInt32 = 20
  static let int2: UInt32 = 21
  static let int4: UInt32 = 23
  static let text: UInt32 = 25
  static let json: UInt32 = 114
  static let xml: UInt32 = 142
  static let unknown: UInt32 = 705
  static let float8: UInt32 = 701
  static let bpchar: UInt32 = 1042
  static let varchar: UInt32 = 1043
  static let timestamp: UInt32 = 1114
  static let timestamptz: UInt32 = 1184
  static let uuid: UInt32 = 2950
}

/// Bound values in the form that PQexecParams wants: all in text format, one behind the other, each ended by a NUL.
struct PostgresParameters {
  private(set) var types: [UInt32] = []
  private var text: [CChar] = []
  private var starts: [Int?] = []

  var count: Int { types.count }

  init(_ values: [SQLValue]) throws(DatabaseError) {
    for value in values {
      let (type, rendered) = PostgresParameters.rendered(value)
      types.append(type)
      guard let rendered else {
        starts.append(nil)
        continue
      }
      if rendered.utf8.contains(0) {
        throw DatabaseError(.mismatch, doing: "bind a value", reason: "PostgreSQL's texts cannot hold a NUL")
      }
      starts.append(text.count)
      for byte in rendered.utf8 { text.append(CChar(bitPattern: byte)) }
      text.append(0)
    }
  }

  func withPointers<R>(_ body: (UnsafePointer<UnsafePointer<CChar>?>) -> R) -> R {
    unsafe text.withUnsafeBufferPointer { buffer in
      let pointers: [UnsafePointer<CChar>?] = unsafe starts.map { start in
        unsafe start.flatMap { offset in unsafe buffer.baseAddress.map { unsafe $0 + offset } }
      }
      return unsafe pointers.withUnsafeBufferPointer { list in
        // An empty array has an address too, or none is needed.
        unsafe body(list.baseAddress ?? UnsafePointer(bitPattern: 8)!)
      }
    }
  }

  /// A value's type and text. A text has no type of its own, so that the server infers it as it does for a literal.
  static func rendered(_ value: SQLValue) -> (type: UInt32, text: String?) {
    switch value {
    case .null: (0, nil)
    case .boolean(let value): (PostgresType.bool, value ? "t" : "f")
    case .integer(let value): (PostgresType.int8, String(value))
    case .real(let value):
      (
        PostgresType.float8,
        value.isInfinite ? (value < 0 ? "-Infinity" : "Infinity") : value.isNaN ? "NaN" : "\(value)"
      )
    case .text(let value): (0, value)
    case .bytes(let value): (PostgresType.bytea, "\\x" + hexadecimal(value))
    case .uuid(let value): (PostgresType.uuid, value.description)
    case .timestamp(let value): (PostgresType.timestamptz, timestampText(value))
    }
  }

  /// Years beyond 9999 have more digits, and those before 1 count backwards (documentation, "Date/Time Input").
  /// The ends of the range are its infinities, as in the rows (``ColumnKind/timestamp``).
  private static func timestampText(_ value: Timestamp) -> String {
    if value.microseconds == .max { return "infinity" }
    if value.microseconds == .min { return "-infinity" }
    var civil = CivilTime(value, offsetMinutes: 0)
    if civil.year > 0 { return civil.description + "+00" }
    civil.year = 1 - civil.year
    return civil.description + "+00 BC"
  }

  /// A value as a literal, for COPY, which takes no parameters.
  static func literal(_ value: SQLValue, on connection: OpaquePointer) throws(DatabaseError) -> String {
    let (type, text) = rendered(value)
    guard let text else { return "null" }
    if text.utf8.contains(0) {
      throw DatabaseError(.mismatch, doing: "write a literal", reason: "PostgreSQL's texts cannot hold a NUL")
    }
    guard let quoted = unsafe PQescapeLiteral(connection, text, text.utf8.count) else {
      throw DatabaseError(.mismatch, doing: "write a literal", reason: "the text does not fit the client encoding")
    }
    defer { unsafe PQfreemem(quoted) }
    let suffix =
      switch type {
      case PostgresType.bool: "::boolean"
      case PostgresType.int8: "::bigint"
      case PostgresType.float8: "::double precision"
      case PostgresType.bytea: "::bytea"
      case PostgresType.uuid: "::uuid"
      case PostgresType.timestamptz: "::timestamptz"
      default: ""
      }
    return unsafe String(cString: quoted) + suffix
  }
}
