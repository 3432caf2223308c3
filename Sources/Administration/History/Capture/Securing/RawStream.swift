internal import Base
internal import Cryptography

/// A private file that a log is written to as it is, before it is encrypted.
///
/// Readable by its owner alone: it may hold secrets. It stands only as long as the backup takes.
struct RawStream: ~Copyable {
  private let file: OpenFile
  private var buffer = [UInt8]()
  private(set) var byteCount: Int64 = 0

  /// - Parameter path: where no file may stand.
  init(_ path: String) throws {
    file = try OpenFile(path, .createNew, followingLinks: false)
    buffer.reserveCapacity(1 << 18)
  }

  mutating func write(_ bytes: Span<UInt8>) throws {
    unsafe bytes.withUnsafeBufferPointer { unsafe buffer.append(contentsOf: $0) }
    if buffer.count >= 1 << 18 { try flush() }
  }

  mutating func write(_ text: String) throws {
    buffer += text.utf8
    if buffer.count >= 1 << 18 { try flush() }
  }

  private mutating func flush() throws {
    try file.write(buffer.span)
    byteCount += Int64(buffer.count)
    buffer.removeAll(keepingCapacity: true)
  }

  consuming func close() throws {
    try flush()
    try file.close()
  }

  /// Adds a stretch of a file.
  ///
  /// - Throws: where the file has become shorter.
  mutating func append(_ segment: LogSegment, _ progress: (Int64) throws -> Void) throws {
    try flush()
    let source = try OpenFile(segment.path, .read)
    try source.seek(to: segment.start)
    var chunk = [UInt8](repeating: 0, count: 1 << 18)
    var left = segment.byteCount
    while left > 0 {
      let count = min(Int64(try source.read(into: &chunk)), left)
      guard count > 0 else {
        throw AdministrationError(
          .unusable, doing: "copy \(segment.path)", reason: "it became shorter while it was read",
          advice: "was the log rotated just now? locktender resume tries it again")
      }
      try file.write(chunk.span.extracting(0..<Int(count)))
      left -= count
      byteCount += count
      try progress(byteCount)
    }
  }

  /// The digest of a file's bytes.
  static func digest(of path: String, _ progress: (Int64) throws -> Void) throws -> Digest256 {
    let file = try OpenFile(path, .read)
    var hasher = SHA256Hasher()
    var chunk = [UInt8](repeating: 0, count: 1 << 18)
    var total: Int64 = 0
    while true {
      let count = try file.read(into: &chunk)
      if count == 0 { return hasher.finish() }
      hasher.update(chunk.span.extracting(0..<count))
      total += Int64(count)
      try progress(total)
    }
  }
}
