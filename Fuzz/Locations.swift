// fuzz: Base Database
internal import Base
internal import Database

/// A location that is accepted is written in a form that reads as the same one.
func fuzz(_ input: [UInt8]) {
  let text = String(decoding: input, as: UTF8.self)
  // Anything else is refused; that is all that may happen to it.
  guard let location = try? DatabaseLocation(text) else { return }
  guard let again = try? DatabaseLocation(location.description) else { fatalError("its own form is refused") }
  invariant(again == location, "its own form is another place: \(location)")
}
