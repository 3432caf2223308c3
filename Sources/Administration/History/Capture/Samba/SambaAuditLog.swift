internal import Base

/// Audit logs of one Samba domain controller, oldest first.
struct SambaAuditLog: CapturedLog {
  let files: [String]

  var location: String { files.joined(separator: ", ") }

  func fetch(into raw: String, progress: (Int64) throws -> Void) throws {
    var stream = try RawStream(raw)
    for segment in try LogSegment.files(files) {
      let isCut = try SambaAuditLog.endsWithinLine(segment)
      let heading = AuditBundle.heading(Paths.name(of: segment.path), bytes: segment.byteCount, isCut: isCut)
      try stream.write(heading.span)
      try stream.append(segment, progress)
      if isCut { try stream.write("\n") }
    }
    try stream.close()
  }

  func capture(_ raw: String, into path: String, progress: (Int) throws -> Void) throws -> CaptureTally {
    var writer = try CaptureWriter(path)
    var count = 0
    var tally = try AuditReading.read(LogSegment.bundle(raw)) { item, record, _ in
      switch item {
      case .record: try writer.add(record)
      case .rollback(let transaction): writer.noteRollback(transaction)
      }
      count += 1
      if count.isMultiple(of: 4_096) { try progress(count) }
    }
    try writer.finish(&tally)
    return tally
  }

  private static func endsWithinLine(_ segment: LogSegment) throws -> Bool {
    guard segment.byteCount > 0 else { return false }
    let file = try OpenFile(segment.path, .read)
    try file.seek(to: segment.end - 1)
    var last: [UInt8] = [0]
    return try file.read(into: &last) != 1 || last[0] != UInt8(ascii: "\n")
  }
}
