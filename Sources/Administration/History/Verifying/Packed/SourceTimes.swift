internal import Base
internal import Database

/// Reads the times of rows up to 8.0, which stand as local texts with a zone or as instants with an offset.
struct SourceTimes {
  /// A time as it stands in a row.
  struct Time {
    enum Form {
      case absent
      case known
      /// Not a time, or one of a zone that nobody knows.
      case unreadable
    }

    var form: Form
    /// Microseconds since 1970 on the local clock.
    var localTime: Int64 = 0
    /// Seconds east of UTC.
    var offset: Int64 = 0
    var isAmbiguous = false

    /// Microseconds since 1970 in UTC; nil where there is no time.
    var instant: Int64? { form == .known ? localTime - offset * 1_000_000 : nil }
  }

  private let areLocal: Bool
  private var clock = WallClockText()
  private let zones = ZoneBook()

  init(_ layout: SourceLayout) { areLocal = layout.hasLocalTimes }

  /// Reads a time.
  ///
  /// - Parameters:
  ///   - time: its column.
  ///   - detail: the column with the fold of a local text, or with the offset of an instant.
  mutating func read(_ row: borrowing RowView, _ time: Int, _ detail: Int, zone: Int) -> Time {
    if areLocal {
      if row.isNull(time) { return Time(form: row.isNull(detail) ? .absent : .unreadable) }
      guard let local = clock.microseconds(row.field(time)), !row.isNull(zone),
        let reading = zones.read(local, zone: row.field(zone), fold: row.integer(detail) ?? 0)
      else { return Time(form: .unreadable) }
      return Time(form: .known, localTime: local, offset: reading.offset, isAmbiguous: reading.isAmbiguous)
    }
    guard let instant = row.timestamp(time) else {
      return Time(form: row.isNull(detail) ? .absent : .unreadable)
    }
    guard let offset = row.integer(detail), abs(offset) < 1_000_000 else { return Time(form: .unreadable) }
    let (local, overflow) = instant.microseconds.addingReportingOverflow(offset * 1_000_000)
    if overflow { return Time(form: .unreadable) }
    return Time(form: .known, localTime: local, offset: offset)
  }
}

extension FactWriter {
  /// A time; one that cannot be read stands with its text and equals nothing on the other side.
  mutating func put(_ time: SourceTimes.Time, orText text: RawSpan) {
    switch time.form {
    case .absent: putAbsent()
    case .known: put(localTime: time.localTime, offset: time.offset)
    case .unreadable:
      put(UInt8(6))
      put(text: text)
    }
  }
}
