import Base
import Cryptography
import Testing

struct Ed25519Tests {
  @Test func `the vectors of RFC 8032 are signed and verified`() throws {
    for fields in try vectorFields("ed25519.txt") {
      let (seed, publicBytes, message, expected) = (fields[0], fields[1], fields[2], fields[3])
      let key = try SigningKey(seed: seed.span)
      #expect(key.verificationKey.bytes == publicBytes)
      let signature = try key.sign(message.span)
      #expect(signature == expected)
      try VerificationKey(bytes: publicBytes.span).verify(expected.span, of: message.span)
    }
  }

  @Test func `one changed bit anywhere fails, and says nothing more`() throws {
    let key = try SigningKey()
    let message = Array("a report".utf8)
    let signature = try key.sign(message.span)
    try key.verificationKey.verify(signature.span, of: message.span)
    for bit in 0..<(signature.count * 8) {
      var changed = signature
      changed[bit / 8] ^= 1 << UInt8(bit % 8)
      let code = failure { () throws(CryptographyError) in
        try key.verificationKey.verify(changed.span, of: message.span)
      }
      #expect(code == .authenticationFailed, "bit \(bit)")
    }
    let other = Array("a Report".utf8)
    let code = failure { () throws(CryptographyError) in
      try key.verificationKey.verify(signature.span, of: other.span)
    }
    #expect(code == .authenticationFailed)
  }

  @Test func `keys survive PEM`() throws {
    let key = try SigningKey()
    let message: [UInt8] = [1, 2, 3]
    let signature = try key.sign(message.span)
    let again = try key.withPEM { pem in Result { try SigningKey(pem: pem).sign(message.span) } }.get()
    #expect(again == signature)
    let publicText = Array(key.verificationKey.pem.utf8)
    let readAgain = try VerificationKey(pem: publicText.span)
    #expect(readAgain == key.verificationKey)
  }

  @Test func `a key made by openssl is read, and written as openssl writes it`() throws {
    let text = try vectorBytes("keys/ed25519.pem")
    let key = try SigningKey(pem: text.span)
    let publicText = try vectorBytes("keys/ed25519.pub.pem")
    #expect(key.verificationKey.pem == String(decoding: publicText, as: UTF8.self))
    let same = key.withPEM { pem in pem.indices.map { pem[$0] } == text }
    #expect(same)
  }

  @Test(arguments: [
    "rsa.pem", "encrypted.pem", "x25519.pem", "two.pem", "before.pem", "damaged.pem", "ed25519.pub.pem",
  ])
  func `other keys and other texts are refused without asking for anything`(name: String) throws {
    let text = try vectorBytes("keys/\(name)")
    let code = failure { () throws(CryptographyError) in _ = try SigningKey(pem: text.span) }
    #expect(code == .invalidKey)
  }

  @Test func `a private key is not taken for a public one`() throws {
    let text = try vectorBytes("keys/ed25519.pem")
    let code = failure { () throws(CryptographyError) in _ = try VerificationKey(pem: text.span) }
    #expect(code == .invalidKey)
  }
}
