// fuzz: Administration
@testable internal import Administration
internal import Base

/// Any line becomes a record, is left out, or is refused with a fault; two readings of it are the same.
func fuzz(_ input: [UInt8]) {
  invariant(read(input) == read(input), "two readings of one line")
}

private func read(_ input: [UInt8]) -> String {
  var reader = AuditRecordReader()
  var tally = CaptureTally()
  let span = input.span
  let meaning = reader.read(span, place: 1, isWhole: true, &tally)
  return "\(meaning) \(tally)"
}
