internal import Base
internal import CSQLite

/// A prepared statement; finalised with it.
@safe
final class SQLiteStatement {
  // SAFETY: the pointer is valid from init to deinit, and used only through this class on its session's thread.
  let pointer: OpaquePointer
  let text: String

  init(adopting pointer: OpaquePointer, text: String) {
    unsafe self.pointer = pointer
    self.text = text
  }

  deinit { unsafe sqlite3_finalize(pointer) }

  var columnCount: Int { Int(unsafe sqlite3_column_count(pointer)) }

  func step() -> Int32 { unsafe sqlite3_step(pointer) }

  func clear() {
    unsafe sqlite3_reset(pointer)
    unsafe sqlite3_clear_bindings(pointer)
  }

  /// Binds a copy of a value; positions count from 1.
  func bind(_ value: SQLValue, at position: Int32) -> Int32 {
    switch value {
    case .null: return unsafe sqlite3_bind_null(pointer, position)
    case .boolean(let value): return unsafe sqlite3_bind_int(pointer, position, value ? 1 : 0)
    case .integer(let value): return unsafe sqlite3_bind_int64(pointer, position, value)
    case .real(let value): return unsafe sqlite3_bind_double(pointer, position, value)
    case .timestamp(let value): return unsafe sqlite3_bind_int64(pointer, position, value.microseconds)
    case .text(var value):
      return value.withUTF8 { utf8 in
        unsafe utf8.withMemoryRebound(to: CChar.self) { characters in
          unsafe sqlite3_bind_text64(
            pointer, position, characters.baseAddress, UInt64(characters.count), csqlite_transient(),
            UInt8(SQLITE_UTF8))
        }
      }
    case .bytes(let value): return bindBlob(value, position)
    case .uuid(let value):
      var bytes: [UInt8] = []
      for word in [value.high, value.low] {
        for shift in stride(from: 56, through: 0, by: -8) { bytes.append(UInt8(truncatingIfNeeded: word >> shift)) }
      }
      return bindBlob(bytes, position)
    }
  }

  private func bindBlob(_ bytes: [UInt8], _ position: Int32) -> Int32 {
    if bytes.isEmpty { return unsafe sqlite3_bind_zeroblob(pointer, position, 0) }
    return unsafe bytes.withUnsafeBytes { buffer in
      unsafe sqlite3_bind_blob64(
        pointer, position, buffer.baseAddress, UInt64(buffer.count), csqlite_transient())
    }
  }
}
