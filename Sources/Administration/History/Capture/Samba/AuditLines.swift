internal import Base

/// The records of audit logs, each as one text: pieces joined again, and told from what other programs wrote.
///
/// Samba's log buffer holds 4,095 characters. A longer message is cut there, the piece ends in ` +>`, and the rest
/// follows on the next line (`format_debug_text` in lib/util/debug.c). In a log that takes other classes of messages
/// as well, every line of a message is indented by two spaces, continuations too.
struct AuditLines: ~Copyable {
  enum Kind {
    /// Something that begins as a JSON object.
    case record
    /// Another message of Samba.
    case other
    /// A record whose file ends before it does.
    case unfinished
  }

  /// A longer text is no record of Samba: it is not joined any further.
  static let limit = 16 << 20
  private static let mark = Array(" +>".utf8)

  private let segments: [LogSegment]
  private var file = 0
  private var lines: LineReader
  private var physicalLine: Int64 = 0
  /// How many bytes of the line at hand belong to the file.
  private var lineLength = 0
  /// The text at hand without indentation.
  private(set) var text = [UInt8]()
  /// Where it begins; see ``LogPlace``.
  private(set) var place: Int64 = 0

  /// - Parameter segments: at least one.
  init(_ segments: [LogSegment]) throws {
    self.init(segments, try AuditLines.open(segments[0]))
  }

  private init(_ segments: [LogSegment], _ lines: consuming LineReader) {
    self.segments = segments
    self.lines = lines
  }

  private static func open(_ segment: LogSegment) throws -> LineReader {
    try LineReader(segment.path, limit: limit, from: segment.start)
  }

  /// Goes to the next text.
  ///
  /// - Returns: nil behind the last one.
  mutating func next() throws -> Kind? {
    while try !advance() {
      guard file + 1 < segments.count else { return nil }
      file += 1
      physicalLine = 0
      lines = try AuditLines.open(segments[file])
    }
    place = LogPlace.of(file: Int64(file + 1), line: physicalLine)
    text.removeAll(keepingCapacity: true)
    let indent = indentation
    guard indent < lineLength, lines.line[indent] == UInt8(ascii: "{") else { return .other }
    append(from: indent)
    while text.suffix(AuditLines.mark.count).elementsEqual(AuditLines.mark) {
      text.removeLast(AuditLines.mark.count)
      // A record is never continued in another file.
      guard text.count < AuditLines.limit, try advance() else { return .unfinished }
      append(from: min(indent, indentation))
    }
    return endsWithinLine ? .unfinished : .record
  }

  /// Goes to the next line of the file at hand.
  private mutating func advance() throws -> Bool {
    let end = segments[file].end
    // The reader's own place is not asked where the file ends before it: another one follows there.
    guard try lines.next(), lines.offset < end else { return false }
    physicalLine += 1
    lineLength = Int(min(Int64(lines.line.count), end - lines.offset))
    return true
  }

  /// Whether the file has no line break behind the line at hand.
  private var endsWithinLine: Bool { lines.offset + Int64(lineLength) >= segments[file].end }

  private mutating func append(from start: Int) {
    unsafe lines.line.extracting(start..<lineLength).withUnsafeBufferPointer {
      unsafe text.append(contentsOf: $0)
    }
  }

  private var indentation: Int {
    for index in 0..<lineLength where lines.line[index] != UInt8(ascii: " ") { return index }
    return lineLength
  }
}
