internal import Base

/// Reads LDIF for the verifier: content records, folded lines, Base64; nothing else is looked at.
struct PlainEntries: ~Copyable {
  struct Entry {
    var attributes: [(name: String, value: [UInt8])] = []

    func first(_ name: String) -> [UInt8]? { attributes.first { $0.name == name }?.value }
    func all(_ name: String) -> [[UInt8]] { attributes.filter { $0.name == name }.map(\.value) }
  }

  private var lines: LineReader
  /// The line that was read ahead, to see whether it continues the one before.
  private var ahead: [UInt8]?

  init(_ path: String) throws {
    lines = try LineReader(path, limit: 1 << 27)
    ahead = nil
  }

  /// The next entry, its attribute names in lower case and `dn` among them; nil at the end.
  mutating func next() throws -> Entry? {
    var entry = Entry()
    while let line = try unfolded() {
      if line.isEmpty {
        if entry.attributes.isEmpty { continue }
        return entry
      }
      if line[0] == UInt8(ascii: "#") { continue }
      guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { continue }
      let name = String(decoding: line[..<colon], as: UTF8.self).lowercased()
      if entry.attributes.isEmpty, name == "version" { continue }
      var rest = line[(colon + 1)...]
      let isEncoded = rest.first == UInt8(ascii: ":")
      if isEncoded { rest = rest.dropFirst() }
      rest = rest.drop { $0 == UInt8(ascii: " ") }
      entry.attributes.append((name, isEncoded ? LogValues.base64(rest) ?? [] : Array(rest)))
    }
    return entry.attributes.isEmpty ? nil : entry
  }

  private mutating func unfolded() throws -> [UInt8]? {
    guard var line = try ahead ?? physical() else { return nil }
    ahead = nil
    while let next = try physical() {
      guard next.first == UInt8(ascii: " ") else {
        ahead = next
        break
      }
      line += next.dropFirst()
    }
    return line
  }

  private mutating func physical() throws -> [UInt8]? {
    guard try lines.next() else { return nil }
    var line = lines.line.array
    if line.last == UInt8(ascii: "\r") { line.removeLast() }
    return line
  }
}
