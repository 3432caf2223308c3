internal import Glibc

/// Reads the items of a packed text (docs/lineage.md, "Packed text") where they stand.
///
/// An LF always ends an item, since within a field it is written `\n`; a bar ends a field where an even number of
/// backslashes stands before it. So both are searched for, and only fields that have a backslash are looked into.
struct PackedItems: ~Escapable {
  static let mostFields = 3

  private let bytes: RawSpan
  private var position = 0
  private var starts = InlineArray<3, Int>(repeating: 0)
  private var ends = InlineArray<3, Int>(repeating: 0)
  private(set) var letter: UInt8 = 0
  private(set) var fieldCount = 0
  /// Set when an item does not have the form of one. The items before it were good.
  private(set) var isMalformed = false

  @_lifetime(copy bytes)
  init(_ bytes: RawSpan) { self.bytes = bytes }

  /// Goes to the next item; false at the end, and at an item that has not the form of one.
  mutating func next() -> Bool {
    if bytes.isEmpty || position > bytes.byteCount { return false }
    let end = bytes.place(of: UInt8(ascii: "\n"), from: position, to: bytes.byteCount) ?? bytes.byteCount
    defer { position = end + 1 }
    guard end > position else { return fail() }
    letter = bytes.byte(position)
    fieldCount = 0
    var start = position + 1
    while start < end {
      guard bytes.byte(start) == UInt8(ascii: "|"), fieldCount < PackedItems.mostFields else { return fail() }
      let fieldEnd = endOfField(from: start + 1, to: end)
      if isEscaped(fieldEnd, from: start + 1) { return fail() }
      starts[fieldCount] = start + 1
      ends[fieldCount] = fieldEnd
      fieldCount += 1
      start = fieldEnd
    }
    return true
  }

  @_lifetime(copy self)
  func field(_ index: Int) -> PackedField {
    PackedField(bytes.extracting(starts[index]..<ends[index]))
  }

  private mutating func fail() -> Bool {
    isMalformed = true
    position = bytes.byteCount + 1
    return false
  }

  private func endOfField(from start: Int, to end: Int) -> Int {
    var searched = start
    while let bar = bytes.place(of: UInt8(ascii: "|"), from: searched, to: end) {
      if !isEscaped(bar, from: start) { return bar }
      searched = bar + 1
    }
    return end
  }

  /// Whether an odd number of backslashes stands before a place.
  private func isEscaped(_ place: Int, from start: Int) -> Bool {
    var first = place
    while first > start, bytes.byte(first - 1) == UInt8(ascii: "\\") { first -= 1 }
    return !(place - first).isMultiple(of: 2)
  }
}

/// A field of an item as it stands there, escapes and all.
struct PackedField: ~Escapable {
  let bytes: RawSpan

  @_lifetime(copy bytes)
  init(_ bytes: RawSpan) { self.bytes = bytes }

  var isAbsent: Bool { bytes.byteCount == 1 && bytes.byte(0) == UInt8(ascii: "~") }

  /// Gives the text in parts without escapes.
  ///
  /// - Returns: false where a backslash stands before something that is never escaped; both are then given.
  func unescape(_ part: (RawSpan) -> Void) -> Bool {
    var isGood = true
    var start = 0
    while let backslash = bytes.place(of: UInt8(ascii: "\\"), from: start, to: bytes.byteCount) {
      if backslash > start { part(bytes.extracting(start..<backslash)) }
      guard backslash + 1 < bytes.byteCount else {
        part(bytes.extracting(backslash..<bytes.byteCount))
        return false
      }
      switch bytes.byte(backslash + 1) {
      case UInt8(ascii: "\\"), UInt8(ascii: "|"), UInt8(ascii: "~"):
        part(bytes.extracting((backslash + 1)..<(backslash + 2)))
      case UInt8(ascii: "n"):
        let lineFeed: InlineArray<1, UInt8> = [UInt8(ascii: "\n")]
        part(unsafe lineFeed.span.bytes)
      default:
        isGood = false
        part(bytes.extracting(backslash..<(backslash + 2)))
      }
      start = backslash + 2
    }
    if start < bytes.byteCount { part(bytes.extracting(start..<bytes.byteCount)) }
    return isGood
  }
}

extension RawSpan {
  /// The byte at a place that the caller knows to be within.
  func byte(_ place: Int) -> UInt8 { unsafe unsafeLoad(fromByteOffset: place, as: UInt8.self) }

  /// The first place of a byte in a part of the span; nil where it is not there.
  func place(of byte: UInt8, from start: Int, to end: Int) -> Int? {
    if start >= end { return nil }
    return unsafe withUnsafeBytes { all in
      guard let base = all.baseAddress,
        let found = unsafe memchr(base + start, Int32(byte), end - start)
      else { return nil }
      return unsafe UnsafeRawPointer(found) - base
    }
  }

  /// Whether both have the same bytes.
  func equals(_ other: RawSpan) -> Bool {
    if byteCount != other.byteCount { return false }
    if byteCount == 0 { return true }
    return unsafe withUnsafeBytes { left in
      unsafe other.withUnsafeBytes { right in
        guard let left = left.baseAddress, let right = right.baseAddress else { return false }
        return unsafe memcmp(left, right, byteCount) == 0
      }
    }
  }

  func equals(_ other: [UInt8]) -> Bool {
    if byteCount != other.count { return false }
    if byteCount == 0 { return true }
    return unsafe withUnsafeBytes { left in
      unsafe other.withUnsafeBytes { right in
        guard let left = left.baseAddress, let right = right.baseAddress else { return false }
        return unsafe memcmp(left, right, byteCount) == 0
      }
    }
  }
}
