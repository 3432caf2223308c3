// fuzz: Base
internal import Base

/// Bytes survive the way to hexadecimal and back; any other text is refused or reads as what it writes.
func fuzz(_ input: [UInt8]) {
  invariant(bytes(hexadecimal: hexadecimal(input)) == input, "bytes did not survive")
  let text = String(decoding: input, as: UTF8.self)
  if let read = bytes(hexadecimal: text) {
    invariant(hexadecimal(read) == text.lowercased(), "two texts for the same bytes")
  }
}
