internal import Base
internal import CODBC

/// Bound values in the memory that a statement reads them from when it is executed.
@safe
final class ODBCParameters {
  // SAFETY: the memory is owned by the object, which outlives the execution of the statement it is bound to.
  private struct Bound {
    var valueType: Int32
    var type: Int32
    /// Characters, bytes or digits.
    var size: Int
    var decimals = 0
    var bytes: [UInt8]?
  }

  private var bounds: [Bound] = []
  private var memory: UnsafeMutableRawPointer
  private var indicators: UnsafeMutablePointer<SQLLEN>

  init(_ values: [SQLValue], for dialect: SQLDialect) throws(DatabaseError) {
    for value in values { bounds.append(try ODBCParameters.bound(value, dialect)) }
    let size = bounds.reduce(8) { $0 + ODBCParameters.room($1.bytes?.count ?? 0) }
    unsafe memory = .allocate(byteCount: size, alignment: 16)
    unsafe indicators = .allocate(capacity: max(1, bounds.count))
  }

  deinit {
    unsafe memory.deallocate()
    unsafe indicators.deallocate()
  }

  private static func room(_ count: Int) -> Int { (count + 15) & ~15 }

  /// - Returns: false where the driver refuses a parameter.
  func bind(to statement: ODBCStatement) -> Bool {
    var offset = 0
    for (index, bound) in bounds.enumerated() {
      let place = unsafe memory + offset
      if let bytes = bound.bytes {
        unsafe bytes.withUnsafeBytes { source in
          if let base = source.baseAddress { unsafe place.copyMemory(from: base, byteCount: source.count) }
        }
        offset += ODBCParameters.room(bytes.count)
      }
      unsafe indicators[index] = bound.bytes.map { SQLLEN($0.count) } ?? SQLLEN(SQL_NULL_DATA)
      let code = unsafe SQLBindParameter(
        statement.pointer, SQLUSMALLINT(index + 1), SQLSMALLINT(SQL_PARAM_INPUT), SQLSMALLINT(bound.valueType),
        SQLSMALLINT(bound.type), SQLULEN(bound.size), SQLSMALLINT(bound.decimals), place,
        SQLLEN(bound.bytes?.count ?? 0), indicators + index)
      if codbc_succeeded(code) == 0 { return false }
    }
    return true
  }

  private static func bound(_ value: SQLValue, _ dialect: SQLDialect) throws(DatabaseError) -> Bound {
    switch value {
    case .null: return Bound(valueType: SQL_C_CHAR, type: SQL_VARCHAR, size: 1, bytes: nil)
    case .boolean(let value):
      return Bound(valueType: Int32(SQL_C_BIT), type: Int32(SQL_BIT), size: 1, bytes: [value ? 1 : 0])
    case .integer(let value):
      return Bound(valueType: SQL_C_SBIGINT, type: SQL_BIGINT, size: 19, bytes: native(value))
    case .real(let value):
      return Bound(valueType: SQL_C_DOUBLE, type: SQL_DOUBLE, size: 15, bytes: native(value.bitPattern))
    case .text(let value): return try text(value, dialect)
    case .bytes(let value):
      return Bound(
        valueType: SQL_C_BINARY, type: value.count > 8000 ? SQL_LONGVARBINARY : SQL_VARBINARY,
        size: max(1, value.count), bytes: value)
    case .uuid(let value): return Bound(valueType: SQL_C_GUID, type: SQL_GUID, size: 16, bytes: guid(value))
    case .timestamp(let value):
      let civil = CivilTime(value, offsetMinutes: 0)
      guard (1...9999).contains(civil.year) else {
        throw DatabaseError(
          .mismatch, doing: "bind a value", reason: "ODBC's times go from the year 1 to the year 9999")
      }
      return Bound(
        valueType: SQL_C_TYPE_TIMESTAMP, type: SQL_TYPE_TIMESTAMP, size: 26, decimals: 6, bytes: timestamp(civil))
    }
  }

  private static func text(_ value: String, _ dialect: SQLDialect) throws(DatabaseError) -> Bound {
    if dialect.product == "PostgreSQL", value.utf8.contains(0) {
      throw DatabaseError(.mismatch, doing: "bind a value", reason: "PostgreSQL's texts cannot hold a NUL")
    }
    let units = value.utf16.flatMap { native($0) }
    return Bound(
      valueType: SQL_C_WCHAR, type: units.count > 8000 ? SQL_WLONGVARCHAR : SQL_WVARCHAR,
      size: max(1, units.count / 2), bytes: units)
  }

  private static func native<Word: FixedWidthInteger>(_ word: Word) -> [UInt8] {
    unsafe withUnsafeBytes(of: word) { unsafe Array($0) }
  }

  /// SQLGUID: a word and two halves of native order, then eight bytes.
  private static func guid(_ id: UniqueID) -> [UInt8] {
    native(UInt32(truncatingIfNeeded: id.high >> 32)) + native(UInt16(truncatingIfNeeded: id.high >> 16))
      + native(UInt16(truncatingIfNeeded: id.high)) + native(id.low.bigEndian)
  }

  /// SQL_TIMESTAMP_STRUCT: six 16-bit numbers and nanoseconds.
  private static func timestamp(_ civil: CivilTime) -> [UInt8] {
    [civil.year, civil.month, civil.day, civil.hour, civil.minute, civil.second].flatMap { native(Int16($0)) }
      + native(UInt32(civil.microsecond) * 1000)
  }
}
