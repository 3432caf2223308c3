import Base
import Cryptography
import Testing

struct SHA256Tests {
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
  ])
  func `the examples of FIPS 180-4 come out, from one hasher used again`(text: String, expected: String) {
    var hasher = SHA256Hasher()
    for _ in 0..<3 { #expect(hasher.digest(of: Array(text.utf8).span).description == expected) }
  }

  @Test func `a million letters in uneven updates give the published digest`() {
    var hasher = SHA256Hasher()
    var left = 1_000_000
    var size = 1
    while left > 0 {
      let chunk = [UInt8](repeating: UInt8(ascii: "a"), count: min(size, left))
      hasher.update(chunk.span)
      left -= chunk.count
      size = size * 3 % 1009 + 1
    }
    #expect(
      hasher.finish().description == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }

  @Test func `a digest in one call forgets updates that were not finished`() {
    var hasher = SHA256Hasher()
    hasher.update([1, 2, 3].span)
    let digest = hasher.digest(of: Array("abc".utf8).span)
    #expect(digest.description.hasPrefix("ba7816bf"))
    #expect(hasher.finish().description.hasPrefix("e3b0c442"))
  }

  @Test func `a digest survives bytes and text, and has one text form only`() throws {
    var hasher = SHA256Hasher()
    let digest = hasher.digest(of: [42].span)
    #expect(Digest256(bytes: digest.bytes.span) == digest)
    #expect(Digest256(hexadecimal: digest.description) == digest)
    #expect(Digest256(hexadecimal: digest.description.uppercased()) == nil)
    #expect(Digest256(hexadecimal: String(digest.description.dropLast(2))) == nil)
    #expect(Digest256(bytes: [UInt8](repeating: 0, count: 33).span) == nil)
  }
}
