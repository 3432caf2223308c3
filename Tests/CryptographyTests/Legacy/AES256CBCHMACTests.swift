import Base
import Testing

@testable import Cryptography

struct AES256CBCHMACTests {
  @Test func `messages of openssl are opened, and sealed again to the same bytes`() throws {
    for fields in try vectorFields("aes-256-cbc-hmac.txt") {
      let (key, vector, message, expected) = (fields[0], fields[1], fields[2], fields[3])
      let cipher = try AES256CBCHMAC(key: key.span)
      let sealed = try cipher.seal(message.span, vector: vector)
      #expect(sealed == expected)
      let opened = try cipher.open(sealed.span)
      let bytes = opened.bytes.indices.map { opened.bytes[$0] }
      #expect(bytes == message)
    }
  }

  @Test func `one changed bit anywhere, a cut, another key: it fails, and says nothing more`() throws {
    let (key, otherKey, shortKey) = (randomBytes(64), randomBytes(64), randomBytes(63))
    let cipher = try AES256CBCHMAC(key: key.span)
    let other = try AES256CBCHMAC(key: otherKey.span)
    let message = Array("an old secret".utf8)
    let sealed = try cipher.seal(message.span)
    let again = try cipher.seal(message.span)
    #expect(sealed != again)
    func code(_ sealed: [UInt8], _ cipher: borrowing AES256CBCHMAC) -> CryptographyError.Code? {
      do {
        _ = try cipher.open(sealed.span)
        return nil
      } catch {
        return error.code
      }
    }
    #expect(code(sealed, cipher) == nil)
    for bit in 0..<sealed.count * 8 {
      var changed = sealed
      changed[bit / 8] ^= 1 << UInt8(bit % 8)
      #expect(code(changed, cipher) == .authenticationFailed)
    }
    for count in 0..<sealed.count { #expect(code(Array(sealed[..<count]), cipher) == .authenticationFailed) }
    #expect(code(sealed, other) == .authenticationFailed)
    let short = failure { () throws(CryptographyError) in _ = try AES256CBCHMAC(key: shortKey.span) }
    #expect(short == .invalidKey)
  }
}
