import Base
import Cryptography
import Testing

struct AES256GCMTests {
  @Test func `the published vectors are sealed and opened, with one cipher for both ways`() throws {
    for fields in try vectorFields("aes-256-gcm.txt") {
      let (key, nonce, context, message) = (fields[0], fields[1], fields[2], fields[3])
      var cipher = AES256GCM(key: try SymmetricKey(bytes: key.span))
      var sealed = [UInt8]()
      try cipher.seal(message.span, nonce: nonce.span, authenticating: context.span, appendingTo: &sealed)
      #expect(sealed == fields[4])
      var opened: [UInt8] = [7]
      try cipher.open(sealed.span, nonce: nonce.span, authenticating: context.span, appendingTo: &opened)
      #expect(opened == [7] + message)
    }
  }

  @Test func `a changed message, tag, nonce or context fails and leaves the output as it was`() throws {
    var cipher = AES256GCM(key: SymmetricKey())
    let nonce = randomBytes(AES256GCM.nonceByteCount)
    let message = Array("what only we know".utf8)
    let context: [UInt8] = [1, 2]
    var sealed = [UInt8]()
    try cipher.seal(message.span, nonce: nonce.span, authenticating: context.span, appendingTo: &sealed)
    func attempt(_ sealed: [UInt8], _ nonce: [UInt8], _ context: [UInt8]) -> (CryptographyError.Code?, [UInt8]) {
      var output: [UInt8] = [9]
      let code = failure { () throws(CryptographyError) in
        try cipher.open(sealed.span, nonce: nonce.span, authenticating: context.span, appendingTo: &output)
      }
      return (code, output)
    }
    for index in sealed.indices {
      var changed = sealed
      changed[index] ^= 0x80
      #expect(attempt(changed, nonce, context) == (.authenticationFailed, [9]))
    }
    #expect(attempt(Array(sealed.dropLast()), nonce, context) == (.authenticationFailed, [9]))
    #expect(attempt(Array(sealed[..<15]), nonce, context) == (.authenticationFailed, [9]))
    #expect(attempt([], nonce, context) == (.authenticationFailed, [9]))
    #expect(attempt(sealed, nonce.reversed(), context) == (.authenticationFailed, [9]))
    #expect(attempt(sealed, nonce, []) == (.authenticationFailed, [9]))
    #expect(attempt(sealed, nonce, context) == (nil, [9] + message))
  }

  @Test func `nonces of other lengths are refused`() throws {
    var cipher = AES256GCM(key: SymmetricKey())
    let nonce = [UInt8](repeating: 0, count: 16)
    let code = failure { () throws(CryptographyError) in
      var sealed = [UInt8]()
      try cipher.seal(nonce.span, nonce: nonce.span, appendingTo: &sealed)
    }
    #expect(code == .invalidParameter)
  }

  @Test func `equal bytes are equal, whatever else is not`() {
    let bytes = randomBytes(40)
    var other = bytes
    let same = equalInConstantTime(bytes.span, other.span)
    #expect(same)
    other[39] ^= 1
    let changed = equalInConstantTime(bytes.span, other.span)
    #expect(!changed)
    other.removeLast()
    let shorter = equalInConstantTime(bytes.span, other.span)
    #expect(!shorter)
    let empty = equalInConstantTime(Span(), Span())
    #expect(empty)
  }
}
