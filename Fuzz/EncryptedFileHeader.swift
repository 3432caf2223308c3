// fuzz: Base Cryptography
internal import Base
internal import Cryptography

/// A header that is accepted is one that a writer makes: bounded costs, and the same bytes again.
func fuzz(_ input: [UInt8]) {
  let span = input.span
  // Anything else is refused; that is all that may happen to it.
  guard let header = try? EncryptedFileHeader(bytes: span) else { return }
  if case .passphrase(let cost) = header.keySource {
    invariant(cost.memoryKiB <= 4 << 20 && cost.iterations <= 1 << 10, "a cost that would hang")
  }
}
