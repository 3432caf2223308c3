internal import Base
internal import Directory

/// Writes entries as LDIF (RFC 2849), as `ldapsearch -LLL` does, without folding.
struct LDIFWriter: ~Copyable {
  private var stream: RawStream
  private var line = [UInt8]()

  init(_ path: String) throws {
    stream = try RawStream(path)
    line = Array("version: 1\n".utf8)
  }

  var byteCount: Int64 { stream.byteCount }

  mutating func write(_ entry: borrowing DirectoryEntry) throws {
    // Behind the version, or in front of the next entry.
    line.append(UInt8(ascii: "\n"))
    let name = Array(entry.name.utf8)
    append("dn", name.span)
    for index in 0..<entry.count { append(entry.attribute(index), entry.value(index)) }
    let bytes = line
    try stream.write(bytes.span)
    line.removeAll(keepingCapacity: true)
  }

  consuming func close() throws { try stream.close() }

  private mutating func append(_ name: String, _ value: Span<UInt8>) {
    let bytes = Array(name.utf8)
    append(bytes.span, value)
  }

  private mutating func append(_ name: Span<UInt8>, _ value: Span<UInt8>) {
    unsafe name.withUnsafeBufferPointer { unsafe line.append(contentsOf: $0) }
    line.append(UInt8(ascii: ":"))
    if LDIFWriter.isPlain(value) {
      line.append(UInt8(ascii: " "))
      unsafe value.withUnsafeBufferPointer { unsafe line.append(contentsOf: $0) }
    } else {
      line += [UInt8(ascii: ":"), UInt8(ascii: " ")]
      Base64.append(value, to: &line)
    }
    line.append(UInt8(ascii: "\n"))
  }

  /// SAFE-STRING of RFC 2849, and no space at the end, which an editor could take away.
  private static func isPlain(_ value: Span<UInt8>) -> Bool {
    for index in value.indices {
      switch value[index] {
      case 0, 10, 13, 128...: return false
      case UInt8(ascii: " "), UInt8(ascii: ":"), UInt8(ascii: "<"):
        if index == 0 || (value[index] == UInt8(ascii: " ") && index == value.count - 1) { return false }
      default: continue
      }
    }
    return true
  }
}
