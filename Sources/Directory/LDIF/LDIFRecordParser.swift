internal import Base

/// Makes entries from the unfolded lines of an LDIF file.
struct LDIFRecordParser: ~Copyable {
  let limits: LDIFLimits
  /// Where the line before the next one ends.
  var endOffset: Int64 = 0

  private var mayHaveVersion: Bool
  private var entry = DirectoryEntry()
  private var isInEntry = false
  private var start = LDIFPosition(offset: 0, byteCount: 0, line: 0)
  private var decoded = [UInt8]()

  init(limits: LDIFLimits, mayHaveVersion: Bool) {
    self.limits = limits
    self.mayHaveVersion = mayHaveVersion
  }

  func malformed(_ reason: String, at line: Int) -> DirectoryError {
    DirectoryError(.malformed(line: line), doing: "read LDIF", reason: "line \(line): \(reason)")
  }

  private func unsupported(_ reason: String, at line: Int, _ advice: String) -> DirectoryError {
    DirectoryError(
      .unsupported(line: line), doing: "read LDIF", reason: "line \(line): \(reason)", advice: advice)
  }

  mutating func take(
    _ line: Span<UInt8>, at number: Int, offset: Int64,
    _ consume: (borrowing DirectoryEntry, LDIFPosition) throws -> Void
  ) throws(DirectoryError) {
    if line.isEmpty { return try endEntry(consume) }
    if line[0] == UInt8(ascii: "#") { return }
    guard let colon = line.indices.first(where: { line[$0] == UInt8(ascii: ":") }) else {
      throw malformed("neither an attribute nor a comment", at: number)
    }
    let name = line.extracting(first: colon)
    guard isAttributeDescription(name) else { throw malformed("not an attribute name", at: number) }
    let isEncoded = try decodeValue(line.extracting(droppingFirst: colon + 1), at: number)
    if isEncoded {
      // Out of self for the call, which changes another part of self.
      var taken = [UInt8]()
      swap(&taken, &decoded)
      try take(name, taken.span, number, offset)
      swap(&taken, &decoded)
    } else {
      var first = colon + 1
      while first < line.count, line[first] == UInt8(ascii: " ") { first += 1 }
      try take(name, line.extracting(droppingFirst: first), number, offset)
    }
  }

  /// Ends the entry under way, if there is one.
  mutating func endEntry(
    _ consume: (borrowing DirectoryEntry, LDIFPosition) throws -> Void
  ) throws(DirectoryError) {
    guard isInEntry else { return }
    isInEntry = false
    guard entry.count > 0 else { throw malformed("an entry without attributes", at: start.line) }
    start.byteCount = Int(endOffset - start.offset)
    do {
      try consume(entry, start)
    } catch {
      throw DirectoryError(
        .interrupted, doing: "read the LDIF entry at line \(start.line)", reason: "its consumer stopped",
        cause: error)
    }
  }

  /// Decodes a Base64 value into ``decoded``; false where the value stands as it is.
  private mutating func decodeValue(_ rest: Span<UInt8>, at number: Int) throws(DirectoryError) -> Bool {
    if rest.isEmpty { return false }
    switch rest[0] {
    case UInt8(ascii: ":"):
      var first = 1
      while first < rest.count, rest[first] == UInt8(ascii: " ") { first += 1 }
      guard Base64.decode(rest.extracting(droppingFirst: first), into: &decoded) else {
        throw malformed("not canonical Base64", at: number)
      }
      return true
    case UInt8(ascii: "<"):
      throw unsupported(
        "a value by URL", at: number, "export the directory again with the values in the file, as slapcat does")
    default:
      guard isSafe(rest) else { throw malformed("bytes that must be in Base64", at: number) }
      return false
    }
  }

  private mutating func take(
    _ name: Span<UInt8>, _ value: Span<UInt8>, _ number: Int, _ offset: Int64
  ) throws(DirectoryError) {
    if isInEntry {
      if isWord(name, "dn") { throw malformed("a second dn: is an empty line missing?", at: number) }
      if entry.count == 0, isWord(name, "changetype") || isWord(name, "control") {
        throw unsupported("a change record", at: number, "give the content of the directory, as slapcat exports it")
      }
      guard entry.count < limits.valueCount, entry.byteCount + name.count + value.count <= limits.byteCount else {
        throw DirectoryError(
          .tooLarge(line: number), doing: "read LDIF", reason: "line \(number): the entry is above the limits")
      }
      return entry.append(attribute: name, value: value)
    }
    if isWord(name, "version"), mayHaveVersion {
      mayHaveVersion = false
      guard value.count == 1, value[0] == UInt8(ascii: "1") else {
        throw unsupported("another version than 1", at: number, "export the directory again as LDIF version 1")
      }
      return
    }
    guard isWord(name, "dn") else { throw malformed("an entry that does not begin with dn", at: number) }
    mayHaveVersion = false
    guard value.count <= limits.byteCount else {
      throw DirectoryError(
        .tooLarge(line: number), doing: "read LDIF", reason: "line \(number): the name is above the limits")
    }
    entry.begin(name: value)
    isInEntry = true
    start = LDIFPosition(offset: offset, byteCount: 0, line: number)
  }
}

/// Letters, digits and hyphens, a dotted number, and options behind semicolons (RFC 4512 section 2.5).
private func isAttributeDescription(_ name: Span<UInt8>) -> Bool {
  guard !name.isEmpty else { return false }
  for index in name.indices {
    switch name[index] {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      continue
    case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: ";"), UInt8(ascii: "_"):
      if index == 0 { return false }
    default: return false
    }
  }
  return true
}

private func isWord(_ name: Span<UInt8>, _ word: StaticString) -> Bool {
  guard name.count == word.utf8CodeUnitCount else { return false }
  for index in name.indices where lowered(name[index]) != (unsafe word.utf8Start[index]) { return false }
  return true
}

/// Whether a value may stand outside of Base64: no zero bytes or carriage returns, and valid UTF-8.
private func isSafe(_ value: Span<UInt8>) -> Bool {
  var isASCII = true
  for index in value.indices {
    let byte = value[index]
    if byte == 0 || byte == 13 { return false }
    if byte > 127 { isASCII = false }
  }
  return isASCII || (try? UTF8Span(validating: value)) != nil  // the error would only say where
}
