/// Durable work on files: what returns without an error is on the disk, and what fails leaves no half file.
///
/// Paths are plain strings. Every call blocks. Errors are ``FileError`` and name the path.
public enum Files {
  /// Reads a whole file.
  ///
  /// - Parameter limit: the most bytes it may have; a longer one throws ``FileError/Code/tooLarge`` before
  ///   more than the limit is in memory.
  public static func read(_ path: String, limit: Int) throws(FileError) -> [UInt8] {
    let file = try OpenFile(path, .read)
    return try file.readToEnd(limit: limit)
  }

  /// Reads a whole file as text; throws where its bytes are not UTF-8.
  public static func readText(_ path: String, limit: Int) throws(FileError) -> String {
    let bytes = try read(path, limit: limit)
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw FileError(
        .other, doing: "read file", path: path, reason: "not UTF-8",
        advice: "Convert it with `iconv -t UTF-8`.")
    }
    return text
  }
}

extension OpenFile {
  /// Reads from the position to the end.
  public func readToEnd(limit: Int) throws(FileError) -> [UInt8] {
    let size = try status().size
    func tooLarge() -> FileError {
      FileError(
        .tooLarge, doing: "read file", path: path, reason: "larger than \(limit) bytes",
        advice: "Check that this is the right file.")
    }
    if size > Int64(limit) { throw tooLarge() }
    // The size is only a hint: pipes and files under /proc report 0, and a file may grow while it is read.
    var bytes = [UInt8](repeating: 0, count: min(limit, max(Int(size), 4096)) + 1)
    var used = 0
    while true {
      let count = try read(into: &bytes, at: used)
      if count == 0 { break }
      used += count
      if used > limit { throw tooLarge() }
      if used == bytes.count {
        bytes += [UInt8](repeating: 0, count: min(bytes.count, limit + 1 - used))
      }
    }
    bytes.removeSubrange(used...)
    return bytes
  }
}
