internal import Base
internal import Database
internal import Transfer

/// Adds rows of the 8.2 history to a batch's outputs. What all transforms share: keys, zones, the repair of texts.
struct RowComposer: ~Copyable {
  let importID: Int64
  let range: HistoryRange
  /// Requests that are in already.
  private let earlier: EarlierRequests
  /// Whether there are any.
  let hasEarlier: Bool
  var identity: RowIdentity
  var zones = ZoneCache()
  var scratch: [UInt8] = []
  private var repaired: [UInt8] = []
  private var digits: [UInt8] = []

  init(
    source: UniqueID, importID: Int64, range: HistoryRange, earlier: EarlierRequests = EarlierRequests()
  ) {
    self.importID = importID
    self.range = range
    self.earlier = earlier
    hasEarlier = !earlier.isEmpty
    identity = RowIdentity(source: source)
  }

  /// Whether an earlier import has brought the request of a key: then neither it nor what belongs to it comes again.
  func isIn(_ sourceKey: Int64?) -> Bool {
    guard hasEarlier, let sourceKey else { return false }
    return earlier.contains(sourceKey)
  }

  /// Likewise, where keys are UUIDs.
  func isIn(_ sourceKey: UniqueID?) -> Bool {
    guard hasEarlier, let sourceKey else { return false }
    return earlier.contains(sourceKey)
  }

  /// Adds a text to a row. One that is not valid UTF-8, or has NUL in it, goes in readable, and its bytes go to
  /// `original_value`.
  mutating func append(
    _ text: Span<UInt8>, to block: inout RowBlock, _ field: StaticString, of row: UniqueID, ordinal: Int64 = 0,
    _ outputs: OutputRows, originals: Int
  ) {
    if TextRepair.isClean(text) {
      block.append(text)
      return
    }
    TextRepair.repair(text, into: &repaired)
    block.append(repaired.span)
    keepOriginal(text, field, of: row, ordinal: ordinal, outputs, originals: originals)
  }

  /// Adds a text field of a source row, null as null.
  mutating func append(
    field index: Int, of source: borrowing RowView, to block: inout RowBlock, _ field: StaticString,
    of row: UniqueID,
    ordinal: Int64 = 0, _ outputs: OutputRows, originals: Int
  ) {
    if source.isNull(index) {
      block.appendNull()
    } else {
      append(source.text(index), to: &block, field, of: row, ordinal: ordinal, outputs, originals: originals)
    }
  }

  /// Adds a field of a packed text, an absent one as null.
  mutating func append(
    packed item: PackedFields.Field, of text: Span<UInt8>, to block: inout RowBlock, _ field: StaticString,
    of row: UniqueID, ordinal: Int64 = 0, _ outputs: OutputRows, originals: Int
  ) {
    if item.isAbsent {
      block.appendNull()
    } else if item.hasEscapes {
      PackedFields.unescape(item, of: text, into: &scratch)
      let value = scratch
      append(value.span, to: &block, field, of: row, ordinal: ordinal, outputs, originals: originals)
    } else {
      append(
        text.extracting(Int(item.start)..<Int(item.end)), to: &block, field, of: row, ordinal: ordinal, outputs,
        originals: originals)
    }
  }

  /// Keeps bytes that the row itself cannot show.
  func keepOriginal(
    _ value: Span<UInt8>, _ field: StaticString, of row: UniqueID, ordinal: Int64, _ outputs: OutputRows,
    originals: Int
  ) {
    outputs.withTable(originals) { block in
      block.beginRow()
      block.append(row)
      block.append(ordinal)
      block.append(field.description)
      block.append(value)
      block.append(importID)
      block.endRow()
    }
  }

  /// Adds a source key of UUIDs as text.
  mutating func append(key: UniqueID, to block: inout RowBlock) {
    digits.removeAll(keepingCapacity: true)
    key.appendText(to: &digits)
    block.append(digits.span)
  }

  /// Adds a source key of integers as text.
  mutating func append(key: Int64, to block: inout RowBlock) {
    digits.removeAll(keepingCapacity: true)
    var rest = key.magnitude
    repeat {
      digits.append(UInt8(ascii: "0") + UInt8(rest % 10))
      rest /= 10
    } while rest > 0
    if key < 0 { digits.append(UInt8(ascii: "-")) }
    digits.reverse()
    block.append(digits.span)
  }
}
