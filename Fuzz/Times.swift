// fuzz: Base
internal import Base

/// A time that is read is a day of the calendar, and written it is the same time.
func fuzz(_ input: [UInt8]) {
  let span = input.span
  guard let (time, used) = CivilTime.parse(span) else { return }
  invariant(used <= input.count, "more was read than is there")
  let written = Array(time.description.utf8)
  let writtenSpan = written.span
  guard let again = CivilTime.parse(writtenSpan) else { fatalError("its own form is refused: \(time)") }
  invariant(again.time == time, "its own form is another time")
}
