internal import Base

/// Values that need more than their bytes.
extension FactWriter {
  /// A text or null of a row.
  mutating func put(text: RawSpan, isNull: Bool) {
    if isNull { putAbsent() } else { put(text: text) }
  }

  /// A field of a packed text.
  ///
  /// - Returns: false where it is not written as a field must be.
  mutating func put(_ field: borrowing PackedField) -> Bool {
    if field.isAbsent {
      putAbsent()
      return true
    }
    beginText()
    let isGood = appendUnescaped(field)
    endText()
    return isGood
  }

  /// A moment as a clock on the spot showed it: its local time in microseconds, and the offset in seconds east of
  /// UTC that tells which instant that was.
  mutating func put(localTime: Int64, offset: Int64) {
    put(UInt8(1))
    put(localTime)
    put(offset)
  }

  /// An instant with the offset that stands beside it; null where the instant is, and null where only the offset is
  /// missing cannot be mistaken for it.
  mutating func put(instant: Timestamp?, offset: Int64?) {
    guard let instant else {
      if offset == nil { putAbsent() } else { put(UInt8(3)) }
      return
    }
    guard let offset else {
      put(UInt8(4))
      put(instant.microseconds)
      return
    }
    let (shift, tooFar) = offset.multipliedReportingOverflow(by: 1_000_000)
    let (local, tooLate) = instant.microseconds.addingReportingOverflow(shift)
    if tooFar || tooLate {
      put(UInt8(5))
      put(instant.microseconds)
      put(offset)
    } else {
      put(localTime: local, offset: offset)
    }
  }

  /// The text of an object's id: its value where it is a UUID in small letters, else its bytes.
  mutating func put(objectID text: RawSpan) {
    if SourceKey.isLowerCase(text), let id = UniqueID(utf8: Span(_bytes: text)) {
      put(objectID: id)
    } else {
      put(UInt8(2))
      put(text: text)
    }
  }

  mutating func put(objectID id: UniqueID) {
    put(UInt8(1))
    put(id)
  }

  /// A term of a vocabulary: its place there, or the text itself where it is not of that vocabulary.
  mutating func put(term text: RawSpan, of terms: Terms) {
    if let code = terms.code(of: text) {
      put(UInt8(1))
      put(code)
    } else {
      put(UInt8(2))
      put(text: text)
    }
  }

  /// A term that stands as its code.
  mutating func put(code: Int64?, of terms: Terms) {
    if let code, terms.has(code) {
      put(UInt8(1))
      put(code)
    } else {
      put(UInt8(3))
      put(code ?? .min)
    }
  }

  mutating func appendUnescaped(_ field: borrowing PackedField) -> Bool {
    guard field.bytes.place(of: UInt8(ascii: "\\"), from: 0, to: field.bytes.byteCount) != nil else {
      append(field.bytes)
      return true
    }
    return field.unescape { append($0) }
  }
}
