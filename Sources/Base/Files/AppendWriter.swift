internal import Glibc

/// A file of lines that only grows, for event logs.
///
/// Each line is one `write(2)` with `O_APPEND`, so that lines of several processes do not mix. Where a crash
/// or a full disk left a torn line at the end, the next append ends it first, so that only the torn one is lost. The file is made with 0600.
public struct AppendWriter: ~Copyable, Sendable {
  public let path: String
  private let file: OpenFile
  private var line = [UInt8]()
  private var torn: Bool

  public init(_ path: String) throws(FileError) {
    self.path = path
    let isNew = try !Files.exists(path)
    let file = try OpenFile(path, .append)
    if isNew { try Files.syncFolder(Paths.folder(of: path)) }
    torn = try AppendWriter.endsInTornLine(path)
    self.file = file
  }

  /// Appends one line; the line break is added.
  ///
  /// - Parameters:
  ///   - bytes: without a line break inside; with one it throws and writes nothing.
  ///   - syncing: waits until the line is on the disk.
  public mutating func append(_ bytes: Span<UInt8>, syncing: Bool = false) throws(FileError) {
    line.removeAll(keepingCapacity: true)
    line.reserveCapacity(bytes.count + 2)
    if torn { line.append(UInt8(ascii: "\n")) }
    for index in bytes.indices {
      let byte = bytes[index]
      if byte == UInt8(ascii: "\n") {
        throw FileError(.other, doing: "append line", path: path, reason: "a line break inside the line")
      }
      line.append(byte)
    }
    line.append(UInt8(ascii: "\n"))
    torn = true
    try file.write(line.span)
    torn = false
    if syncing { try file.syncContent() }
  }

  public mutating func append(_ text: String, syncing: Bool = false) throws(FileError) {
    try append(Array(text.utf8).span, syncing: syncing)
  }

  /// Waits until all lines are on the disk.
  public func sync() throws(FileError) { try file.syncContent() }

  private static func endsInTornLine(_ path: String) throws(FileError) -> Bool {
    let file = try OpenFile(path, .read)
    let status = try file.status()
    guard status.kind == .file, status.size > 0 else { return false }
    try file.seek(to: status.size - 1)
    var last: [UInt8] = [0]
    let count = try file.read(into: &last)
    return count == 1 && last[0] != UInt8(ascii: "\n")
  }
}
