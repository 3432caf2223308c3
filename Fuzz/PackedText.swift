// fuzz: Administration
@testable internal import Administration
internal import Base
internal import Transfer

/// The importer and the verifier, which share no code, read packed text alike.
func fuzz(_ input: [UInt8]) {
  let imported = importersReading(of: input)
  let verified = verifiersReading(of: input)
  invariant(
    imported == verified,
    "two readings of one text: \(String(describing: imported)) \(String(describing: verified))")
}

private struct Item: Equatable {
  let letter: UInt8
  var fields: [[UInt8]?] = []
}

private func importersReading(of input: [UInt8]) -> [Item]? {
  var fields = PackedFields()
  let span = input.span
  do throws(RowRejection) { try fields.parse(span) } catch { return nil }
  return fields.items.map { item in
    var read = Item(letter: item.letter)
    for index in 0..<item.fieldCount {
      var value: [UInt8] = []
      PackedFields.unescape(item.fields[index], of: span, into: &value)
      read.fields.append(item.fields[index].isAbsent ? nil : value)
    }
    return read
  }
}

private func verifiersReading(of input: [UInt8]) -> [Item]? {
  var read: [Item] = []
  let span = input.span
  var items = PackedItems(span.bytes)
  while items.next() {
    // The letters and their fields are the callers' to know: docs/lineage.md, "Packed text".
    let fieldsOf: [UInt8: Int] = [67: 3, 87: 3, 80: 3, 68: 2, 82: 1, 65: 1]
    guard fieldsOf[items.letter] == items.fieldCount else { return nil }
    var item = Item(letter: items.letter)
    for index in 0..<items.fieldCount {
      let field = items.field(index)
      var value: [UInt8] = []
      let isGood = field.unescape { part in
        for place in 0..<part.byteCount { value.append(part.byte(place)) }
      }
      guard isGood else { return nil }
      item.fields.append(field.isAbsent ? nil : value)
    }
    read.append(item)
  }
  return items.isMalformed ? nil : read
}
