/// Texts as 8.2 keeps them: valid UTF-8 without NUL.
enum TextRepair {
  /// Whether a text can be stored as it is. Almost all are plain ASCII, so that is asked first, eight bytes at once.
  static func isClean(_ text: Span<UInt8>) -> Bool {
    let bytes = unsafe text.bytes
    var index = 0
    var high: UInt64 = 0
    var zero: UInt64 = 0
    while index + 8 <= bytes.byteCount {
      let word = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
      high |= word
      // A byte is zero where borrowing one from it reaches its top bit, which was not set before.
      zero |= (word &- 0x0101_0101_0101_0101) & ~word
      index += 8
    }
    while index < bytes.byteCount {
      let byte = text[index]
      if byte == 0 { return false }
      high |= UInt64(byte)
      index += 1
    }
    if zero & 0x8080_8080_8080_8080 != 0, containsZero(text) { return false }
    if high & 0x8080_8080_8080_8080 == 0 { return true }
    return (try? UTF8Span(validating: text)) != nil  // the error says where; only whether is asked here
  }

  private static func containsZero(_ text: Span<UInt8>) -> Bool {
    for index in text.indices where text[index] == 0 { return true }
    return false
  }

  /// The readable form: each invalid sequence as U+FFFD (Unicode 16, 3.9 "maximal subpart"), NUL as U+2400.
  static func repair(_ text: Span<UInt8>, into result: inout [UInt8]) {
    result.removeAll(keepingCapacity: true)
    let decoded = unsafe text.withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
    for byte in decoded.utf8 {
      if byte == 0 {
        result += [0xE2, 0x90, 0x80]
      } else {
        result.append(byte)
      }
    }
  }
}
