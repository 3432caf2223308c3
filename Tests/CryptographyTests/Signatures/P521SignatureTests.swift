import Base
import Testing

@testable import Cryptography

struct P521SignatureTests {
  @Test func `what is signed is verified, and nothing else is`() throws {
    for _ in 0..<20 {
      let key = try P521SigningKey()
      let message = randomBytes(50)
      let signature = try key.sign(message.span)
      #expect(signature.count == 132)
      try key.verificationKey.verify(signature.span, of: message.span)
      let exported = try key.exported()
      let again = try P521SigningKey(bytes: exported.bytes)
      #expect(again.verificationKey == key.verificationKey)

      var changed = signature
      changed[Int.random(in: 0..<132)] ^= 1
      let other = try P521SigningKey().verificationKey
      let verifications: [(P521VerificationKey, [UInt8], [UInt8])] = [
        (key.verificationKey, changed, message), (key.verificationKey, signature, message + [0]),
        (key.verificationKey, signature + [0], message),
        (key.verificationKey, Array(signature.dropLast()), message),
        (key.verificationKey, [UInt8](repeating: 0, count: 132), message), (key.verificationKey, [], message),
        (other, signature, message),
      ]
      for (key, signature, message) in verifications {
        let code = failure { () throws(CryptographyError) in try key.verify(signature.span, of: message.span) }
        #expect(code == .authenticationFailed)
      }
    }
  }
}
