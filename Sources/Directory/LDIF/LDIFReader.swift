/// Where an entry stands in an LDIF file: enough to read that one entry again.
public struct LDIFPosition: Hashable, Sendable, Codable {
  /// Bytes from the start of the file to the entry's `dn:`.
  public var offset: Int64
  /// Bytes from there to the end of its last line.
  public var byteCount: Int
  /// The number of its first line, from 1.
  public var line: Int

  public init(offset: Int64, byteCount: Int, line: Int) {
    self.offset = offset
    self.byteCount = byteCount
    self.line = line
  }
}

/// How large one entry of an LDIF file may be.
public struct LDIFLimits: Sendable {
  /// Bytes of all names and values.
  public var byteCount = 1 << 26
  /// Values over all attributes.
  public var valueCount = 1 << 20

  public init() {}
}

/// Reads the entries of an LDIF file (RFC 2849, content records of version 1) from its bytes, piece by piece.
///
/// Reads no file itself: ``LDIFFile`` does. Change records and values by URL are refused; bytes above 127 outside of
/// Base64 are accepted where they are UTF-8, since servers write them though the RFC does not allow it. A file whose
/// last line has no end was cut off and is refused. Holds one entry and one line in memory.
public struct LDIFReader: ~Copyable {
  private var line = [UInt8]()
  /// What the line under way is.
  private enum LineState { case none, begun, folded }
  private var lineState = LineState.none
  private var isAtLineStart = true
  /// The number of the physical line that is being read, and of that where the line under way began.
  private var physicalLine: Int
  private var logicalLine = 0
  private var offset: Int64
  private var lineOffset: Int64 = 0

  private var parser: LDIFRecordParser

  /// - Parameter start: where the bytes come from that will be fed first; the start of an entry, or of the file.
  public init(
    limits: LDIFLimits = LDIFLimits(),
    startingAt start: LDIFPosition = LDIFPosition(offset: 0, byteCount: 0, line: 1)
  ) {
    physicalLine = start.line
    offset = start.offset
    parser = LDIFRecordParser(limits: limits, mayHaveVersion: start.offset == 0)
  }

  /// Takes the next bytes and hands on each entry that they complete; the entry is lent for the call.
  ///
  /// - Throws: `malformed`, `unsupported`, `tooLarge`, with the line; `interrupted` when the consumer throws. After
  ///   an error the reader is of no more use.
  public mutating func feed(
    _ bytes: Span<UInt8>, _ consume: (borrowing DirectoryEntry, LDIFPosition) throws -> Void
  ) throws(DirectoryError) {
    var index = 0
    while index < bytes.count {
      if isAtLineStart {
        isAtLineStart = false
        if bytes[index] == UInt8(ascii: " ") {
          guard lineState != .none else {
            throw parser.malformed("a continuation of nothing", at: physicalLine)
          }
          lineState = .folded
          index += 1
          continue
        }
        try endLine(consume)
        lineState = .begun
        logicalLine = physicalLine
        lineOffset = offset + Int64(index)
      }
      let end = LDIFReader.endOfLine(bytes, from: index)
      try take(bytes.extracting(index..<end))
      index = end
      guard index < bytes.count else { break }
      index += 1
      if line.last == UInt8(ascii: "\r") { line.removeLast() }
      physicalLine += 1
      isAtLineStart = true
      parser.endOffset = offset + Int64(index)
      // An empty line ends its entry at once: nothing can continue it.
      if line.isEmpty, lineState == .begun {
        parser.endOffset = lineOffset
        try endLine(consume)
      }
    }
    offset += Int64(bytes.count)
  }

  /// Takes the end of the file and hands on the last entry.
  public mutating func finish(
    _ consume: (borrowing DirectoryEntry, LDIFPosition) throws -> Void
  ) throws(DirectoryError) {
    guard isAtLineStart else {
      throw parser.malformed("the file ends within a line: it was cut off", at: physicalLine)
    }
    try endLine(consume)
    try parser.endEntry(consume)
  }

  private mutating func take(_ piece: Span<UInt8>) throws(DirectoryError) {
    guard line.count + piece.count <= parser.limits.byteCount * 2 else {
      throw DirectoryError(
        .tooLarge(line: logicalLine), doing: "read LDIF",
        reason: "line \(logicalLine) is longer than an entry may be")
    }
    unsafe piece.withUnsafeBufferPointer { unsafe line.append(contentsOf: $0) }
  }

  private mutating func endLine(
    _ consume: (borrowing DirectoryEntry, LDIFPosition) throws -> Void
  ) throws(DirectoryError) {
    let state = lineState
    lineState = .none
    guard state != .none else { return }
    // Out of self for the call, which changes another part of self.
    var taken = [UInt8]()
    swap(&taken, &line)
    try parser.take(taken.span, at: logicalLine, offset: lineOffset, consume)
    taken.removeAll(keepingCapacity: true)
    swap(&taken, &line)
  }

  private static func endOfLine(_ bytes: Span<UInt8>, from start: Int) -> Int {
    var index = start
    while index < bytes.count, bytes[index] != UInt8(ascii: "\n") { index += 1 }
    return index
  }
}
