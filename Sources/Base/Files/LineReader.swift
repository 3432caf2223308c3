/// Reads a file line by line without keeping more than one line.
///
/// ```
/// var lines = try LineReader(path)
/// while try lines.next() { use(lines.line) }
/// ```
public struct LineReader: ~Copyable, Sendable {
  public let path: String
  /// The number of the line at hand, from 1.
  public private(set) var number = 0
  /// Where the line at hand begins, in bytes from the start of the file.
  public private(set) var offset: Int64 = 0
  /// Whether the line at hand ends in a line break; false only for a last line that was cut off.
  public private(set) var isComplete = true

  private let file: OpenFile
  private let limit: Int
  private var buffer: [UInt8]
  private var current = 0..<0
  private var unused = 0
  private var filled = 0
  private var nextOffset: Int64
  private var ended = false

  /// - Parameters:
  ///   - limit: the most bytes of one line; a longer one throws ``FileError/Code/tooLarge``.
  ///   - start: the byte to begin at, the beginning of a line; line numbers then count from there.
  public init(_ path: String, limit: Int = 1 << 24, from start: Int64 = 0) throws(FileError) {
    self.path = path
    self.limit = limit
    let file = try OpenFile(path, .read)
    if start > 0 { try file.seek(to: start) }
    self.file = file
    nextOffset = start
    buffer = [UInt8](repeating: 0, count: 1 << 16)
  }

  /// The line at hand, without its line break.
  public var line: Span<UInt8> {
    @_lifetime(borrow self)
    get { buffer.span.extracting(current) }
  }

  /// Goes to the next line.
  ///
  /// - Returns: false after the last one.
  public mutating func next() throws(FileError) -> Bool {
    var scanned = unused
    while true {
      if let end = lineEnd(from: scanned) {
        if end - unused > limit { throw tooLong() }
        take(unused..<end, complete: true)
        return true
      }
      scanned = filled
      if ended {
        guard unused < filled else {
          current = 0..<0
          return false
        }
        take(unused..<filled, complete: false)
        return true
      }
      if filled - unused > limit { throw tooLong() }
      scanned -= unused
      try fill()
      scanned += unused
    }
  }

  private func tooLong() -> FileError {
    FileError(
      .tooLarge, doing: "read line \(number + 1)", path: path, reason: "longer than \(limit) bytes",
      advice: "Check that this is a file of lines.")
  }

  private func lineEnd(from start: Int) -> Int? {
    let bytes = buffer.span
    var index = start
    while index < filled {
      if bytes[index] == UInt8(ascii: "\n") { return index }
      index += 1
    }
    return nil
  }

  private mutating func take(_ range: Range<Int>, complete: Bool) {
    current = range
    unused = range.upperBound + (complete ? 1 : 0)
    offset = nextOffset
    nextOffset += Int64(unused - range.lowerBound)
    number += 1
    isComplete = complete
  }

  /// Reads more behind what is not used yet, which moves to the front.
  private mutating func fill() throws(FileError) {
    if unused > 0 {
      for index in unused..<filled { buffer[index - unused] = buffer[index] }
      filled -= unused
      unused = 0
    }
    if filled == buffer.count { buffer += [UInt8](repeating: 0, count: buffer.count) }
    let count = try file.read(into: &buffer, at: filled)
    filled += count
    if count == 0 { ended = true }
  }
}
