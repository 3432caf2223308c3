internal import Base

/// The lines of a bundle of audit logs for the verifier: those that begin as a JSON object, pieces joined.
struct PlainAuditLines: ~Copyable {
  private var lines: LineReader
  /// Bytes of the file at hand that have not been read yet.
  private var left: Int64 = 0
  private var breaksLine = false

  init(_ path: String) throws {
    lines = try LineReader(path, limit: 1 << 27)
  }

  mutating func next() throws -> [UInt8]? {
    while let line = try physical() {
      let spaces = line.prefix { $0 == UInt8(ascii: " ") }.count
      guard spaces < line.count, line[spaces] == UInt8(ascii: "{") else { continue }
      var text = Array(line.dropFirst(spaces))
      while text.suffix(3).elementsEqual(" +>".utf8) {
        text.removeLast(3)
        guard left > 0, text.count < 16 << 20, let more = try physical() else { return text }
        text += more.dropFirst(min(spaces, more.prefix { $0 == UInt8(ascii: " ") }.count))
      }
      return text
    }
    return nil
  }

  private mutating func physical() throws -> [UInt8]? {
    while try lines.next() {
      let line = lines.line.array
      if left > 0 {
        // A file that ends within a line got a line break that is not its own.
        left -= min(left, Int64(line.count) + 1)
        return line
      }
      guard let heading = PlainJSON.read(line), let bytes = heading["bytes"]?.integer else {
        throw AdministrationError(.unusable, doing: "verify a log", reason: "its backup is no bundle of log files")
      }
      left = bytes
    }
    return nil
  }
}
