import Base
import Testing

struct Base64Tests {
  private func decoded(_ text: String) -> [UInt8]? {
    var output: [UInt8] = [1, 2, 3]
    let bytes = Array(text.utf8)
    return Base64.decode(bytes.span, into: &output) ? output : nil
  }

  @Test(arguments: [
    ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
    ("foobar", "Zm9vYmFy"),
  ])
  func `the vectors of RFC 4648`(plain: String, coded: String) {
    #expect(Base64.text(Array(plain.utf8)) == coded)
    #expect(decoded(coded) == Array(plain.utf8))
  }

  @Test func `the last two digits of the alphabet`() {
    #expect(Base64.text([0xFB, 0xFF, 0xBF]) == "+/+/")
    #expect(decoded("+/+/") == [0xFB, 0xFF, 0xBF])
  }

  @Test(arguments: [
    "Z", "Zg", "Zg=", "Zg===", "=", "==", "====", "Zm9v=", "Z=g=", "Zh==", "Zm9=", "Zm 9", "Zm9v\n", "Zm-_",
    "Zg==Zg==",
    "Zmä=",
  ])
  func `whatever is not canonical is refused`(text: String) { #expect(decoded(text) == nil) }

  @Test func `any bytes come back`() {
    let seed = UInt64.random(in: 0 ... .max)
    var random = SeededGenerator(seed: seed)
    for length in 0..<200 {
      let bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
      #expect(decoded(Base64.text(bytes)) == bytes, "seed \(seed)")
    }
  }
}
