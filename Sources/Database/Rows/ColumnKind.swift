/// What a column holds, and so how a field of it stands in a ``RowBlock``.
///
/// The encodings are those of PostgreSQL's binary format, so that a block goes into `COPY … (FORMAT binary)`
/// without being written anew.
public enum ColumnKind: UInt8, Sendable, Codable, CaseIterable {
  /// One byte, 0 or 1. SQLite: INTEGER 0 or 1.
  case boolean
  /// Two bytes, big-endian. SQLite: INTEGER.
  case small
  /// Four bytes, big-endian. SQLite: INTEGER.
  case medium
  /// Eight bytes, big-endian. SQLite: INTEGER.
  case integer
  /// Bytes that ought to be UTF-8. A block carries what the source held, valid or not.
  case text
  /// Bytes. SQLite: BLOB.
  case bytes
  /// Sixteen bytes. SQLite: BLOB of 16 bytes.
  case uuid
  /// Microseconds since 2000-01-01T00:00:00Z in eight bytes, big-endian. SQLite: INTEGER, microseconds since
  /// 1970-01-01T00:00:00Z.
  case timestamp

  /// How many bytes every field of this kind takes; 0 where that varies.
  var width: Int {
    switch self {
    case .boolean: 1
    case .small: 2
    case .medium: 4
    case .integer, .timestamp: 8
    case .uuid: 16
    case .text, .bytes: 0
    }
  }
}

/// A time as the block has it. The ends of the range are PostgreSQL's `infinity` and `-infinity`, and stay ends.
///
/// - Returns: nil for a time before the year −290308, which cannot be told from 2000 on.
@usableFromInline func postgresTime(unix: Int64) -> Int64? {
  if unix == .max || unix == .min { return unix }
  let (time, overflows) = unix.subtractingReportingOverflow(postgresEpoch)
  return overflows ? nil : time
}

/// A time of a block, told from 1970 on; nil for one after the year 294246.
@usableFromInline func unixTime(postgres: Int64) -> Int64? {
  if postgres == .max || postgres == .min { return postgres }
  let (time, overflows) = postgres.addingReportingOverflow(postgresEpoch)
  return overflows ? nil : time
}

/// Microseconds from 1970-01-01 to 2000-01-01, where PostgreSQL's `timestamptz` begins to count.
@usableFromInline let postgresEpoch: Int64 = 946_684_800_000_000
