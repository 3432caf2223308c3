internal import Glibc

/// LDIF files on the disk.
public enum LDIFFile {
  /// Hands on every entry of a file, from the start or from an entry that was found before. Blocks.
  ///
  /// - Throws: as ``LDIFReader``, with the path; and `file`.
  public static func forEachEntry(
    in path: String, startingAt start: LDIFPosition = LDIFPosition(offset: 0, byteCount: 0, line: 1),
    limits: LDIFLimits = LDIFLimits(), _ consume: (borrowing DirectoryEntry, LDIFPosition) throws -> Void
  ) throws(DirectoryError) {
    do throws(DirectoryError) {
      try readEntries(in: path, startingAt: start, limits, consume)
    } catch {
      throw named(error, path)
    }
  }

  /// What is wrong with the text is told with the file that it stands in.
  private static func named(_ error: DirectoryError, _ path: String) -> DirectoryError {
    let advice: String
    switch error.code {
    case .malformed: advice = "look at that line of \(path); write the file anew, or correct it"
    case .unsupported: advice = "write \(path) anew as plain content, as slapcat does"
    case .tooLarge: advice = "look at that line of \(path): so large an entry is none of a directory"
    default: return error
    }
    return DirectoryError(
      error.code, doing: "read LDIF in \(path)", reason: error.reason, advice: error.advice ?? advice,
      cause: error.cause, resultCode: error.resultCode)
  }

  private static func readEntries(
    in path: String, startingAt start: LDIFPosition, _ limits: LDIFLimits,
    _ consume: (borrowing DirectoryEntry, LDIFPosition) throws -> Void
  ) throws(DirectoryError) {
    let file = try open(path)
    defer { close(file) }
    var reader = LDIFReader(limits: limits, startingAt: start)
    var chunk = [UInt8](repeating: 0, count: 1 << 18)
    var offset = start.offset
    while true {
      let count = try read(file, path, offset, &chunk)
      if count == 0 { return try reader.finish(consume) }
      try reader.feed(chunk.span.extracting(first: count), consume)
      offset += Int64(count)
    }
  }

  /// Reads one entry again.
  ///
  /// - Throws: as ``LDIFReader``, and `file`, also when no entry stands there.
  public static func entry(
    at position: LDIFPosition, in path: String, limits: LDIFLimits = LDIFLimits()
  ) throws(DirectoryError) -> DirectoryEntry {
    let file = try open(path)
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: position.byteCount)
    var reader = LDIFReader(limits: limits, startingAt: position)
    var found = [Int]()
    var entry = DirectoryEntry()
    let count = try read(file, path, position.offset, &bytes)
    try reader.feed(bytes.span.extracting(first: count)) { _, _ in found.append(0) }
    try reader.finish { read, _ in
      entry = read.copy()
      found.append(1)
    }
    guard found == [1] else {
      throw DirectoryError(
        .file, doing: "read \(path)", reason: "no entry at byte \(position.offset)",
        advice: "the file was changed since it was read first: start again from its beginning")
    }
    return entry
  }

  private static func open(_ path: String) throws(DirectoryError) -> Int32 {
    let file = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw fileError(path) }
    return file
  }

  /// Fills the buffer as far as the file goes.
  private static func read(
    _ file: Int32, _ path: String, _ offset: Int64, _ buffer: inout [UInt8]
  ) throws(DirectoryError) -> Int {
    var filled = 0
    while filled < buffer.count {
      let left = buffer.count - filled
      let count = unsafe buffer.withUnsafeMutableBytes {
        unsafe pread(file, $0.baseAddress! + filled, left, off_t(offset) + filled)
      }
      if count == 0 { break }
      if count < 0 {
        if errno == EINTR { continue }
        throw fileError(path)
      }
      filled += count
    }
    return filled
  }

  private static func fileError(_ path: String) -> DirectoryError {
    DirectoryError(
      .file, doing: "read \(path)", reason: unsafe String(cString: strerror(errno)),
      advice: "check that the file is there and that this user may read it")
  }
}
