internal import Base

/// Reads Samba's audit logs.
enum AuditReading {
  /// What the reader hands on.
  enum Item {
    /// The record that is lent beside it.
    case record
    case rollback([UInt8])
  }

  /// Hands on every change in the order of the files and counts the rest. Memory is that of one record. Blocks.
  ///
  /// - Parameters:
  ///   - wanted: the key of a record that is looked for.
  ///   - consume: is lent each record; what it throws ends the reading.
  /// - Throws: `foreignDatabase` where no file holds a record.
  static func read(
    _ segments: [LogSegment], lookingFor wanted: UniqueID? = nil,
    _ consume: (Item, borrowing CapturedRecord, borrowing CaptureTally) throws -> Void = { _, _, _ in }
  ) throws -> CaptureTally {
    var lines = try AuditLines(segments)
    var reader = AuditRecordReader()
    var tally = CaptureTally()
    tally.wanted = wanted
    while let kind = try lines.next() {
      if kind == .other {
        tally.leftOut["other lines", default: 0] += 1
        continue
      }
      tally.endsWithinLine = kind == .unfinished
      switch reader.read(lines.text.span, place: lines.place, isWhole: kind == .record, &tally) {
      case .nothing(let what): tally.leftOut[what, default: 0] += 1
      case .rollback(let transaction):
        tally.leftOut["dsdbTransaction", default: 0] += 1
        try consume(.rollback(transaction), reader.record, tally)
      case .change(let kind):
        tally.count(reader.record, as: kind)
        try consume(.record, reader.record, tally)
      }
    }
    guard tally.carried > 0 || tally.leftOut.keys.contains(where: { $0 != "other lines" }) else {
      throw AdministrationError(
        .foreignDatabase, doing: "read the audit logs", reason: "no record of Samba's audit stands in them",
        advice:
          "name the file that smb.conf gives: log level = 1 dsdb_json_audit:5@FILE dsdb_group_json_audit:5@FILE")
    }
    return tally
  }
}
