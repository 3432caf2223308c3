internal import Base

/// A stretch of bytes that is one log file: a whole file, or its place in a bundle.
struct LogSegment: Sendable, Equatable {
  let path: String
  let start: Int64
  let byteCount: Int64

  var end: Int64 { start + byteCount }

  /// Files as they are now: what is written to them later does not count.
  static func files(_ paths: [String]) throws -> [LogSegment] {
    try paths.map { LogSegment(path: $0, start: 0, byteCount: try Files.status(of: $0).size) }
  }

  /// The files in a bundle.
  ///
  /// - Throws: `unusable` for a file that is no bundle.
  static func bundle(_ path: String) throws -> [LogSegment] {
    let size = try Files.status(of: path).size
    var segments: [LogSegment] = []
    var offset: Int64 = 0
    while offset < size {
      var lines = try LineReader(path, limit: 1 << 16, from: offset)
      guard try lines.next(), let heading = AuditBundle.heading(lines.line) else { throw damaged(path) }
      let start = offset + Int64(lines.line.count) + 1
      guard heading.bytes <= size - start else { throw damaged(path) }
      segments.append(LogSegment(path: path, start: start, byteCount: heading.bytes))
      offset = start + heading.bytes + (heading.isCut ? 1 : 0)
    }
    return segments
  }

  private static func damaged(_ path: String) -> AdministrationError {
    AdministrationError(
      .unusable, doing: "read \(path)", reason: "it is no bundle of log files",
      advice: "the backup that it came from may be damaged: take another one")
  }
}

/// Several log files as one stream, so that they are backed up and restored as one.
///
/// Before each file stands a line that tells its name, how many bytes of it follow, and whether it ends within a
/// line: `{"type":"locktenderFile","name":"audit.json.1","bytes":4096,"cut":false}`. Behind one that does stands a
/// line break that is not counted.
enum AuditBundle {
  private static let type = "locktenderFile"

  /// The line before a file, with its line break.
  static func heading(_ name: String, bytes: Int64, isCut: Bool) -> [UInt8] {
    let members: [(String, JSONValue)] = [
      ("type", .string(type)), ("name", .string(name)), ("bytes", .integer(bytes)), ("cut", .bool(isCut)),
    ]
    return Array((JSONValue.object(JSONObject(members)).compact() + "\n").utf8)
  }

  /// What a heading tells; nil for a line that is none.
  static func heading(_ line: Span<UInt8>) -> (bytes: Int64, isCut: Bool)? {
    // What else is wrong with the line does not matter.
    guard let value = try? JSONValue(parsing: line, source: "bundle"), value["type"]?.stringValue == type,
      let bytes = value["bytes"]?.integerValue, bytes >= 0, let isCut = value["cut"]?.boolValue
    else { return nil }
    return (bytes, isCut)
  }
}
