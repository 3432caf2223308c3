import Base
import Testing

@testable import Cryptography

struct HPKETests {
  private func bytes(_ secret: borrowing SecretBytes) -> [UInt8] { secret.bytes.indices.map { secret.bytes[$0] } }

  @Test func `the vectors of RFC 9180 are sealed and opened`() throws {
    let cases = try vectorFields("hpke.txt")
    #expect(cases.count == 2)
    for fields in cases {
      let suite = try #require(HPKE.Suite(rawValue: fields[0][0]))
      let (info, data, message) = (fields[1], fields[5], fields[6])
      let (recipientKey, ephemeralKey) = (fields[2], fields[3])
      let recipient = try AgreementKey(suite.curve, bytes: recipientKey.span)
      let ephemeral = try AgreementKey(suite.curve, bytes: ephemeralKey.span)
      #expect(ephemeral.publicKey.bytes == fields[4])
      let sealed = try HPKE.seal(
        message.span, to: recipient.publicKey, suite, info: info.span, authenticating: data.span,
        ephemeral: ephemeral)
      #expect(sealed == fields[4] + fields[7])
      let opened = try HPKE.open(sealed.span, with: recipient, suite, info: info.span, authenticating: data.span)
      #expect(bytes(opened) == message)
    }
  }

  @Test(arguments: HPKE.Suite.allCases, [0, 1, 32, 5_000])
  func `what is sealed comes back, each time in another form`(_ suite: HPKE.Suite, _ count: Int) throws {
    let key = try AgreementKey(suite.curve)
    let message = randomBytes(count)
    let info = Array("grant 7".utf8)
    let first = try HPKE.seal(message.span, to: key.publicKey, suite, info: info.span)
    let second = try HPKE.seal(message.span, to: key.publicKey, suite, info: info.span)
    #expect(first != second && first.count == count + suite.overhead)
    let opened = try HPKE.open(first.span, with: key, suite, info: info.span)
    #expect(bytes(opened) == message)
  }

  /// Each bit of a short message, each part of the context, another key, another suite, a cut at any place.
  @Test(arguments: HPKE.Suite.allCases)
  func `whatever is not as it was sealed fails, and says nothing more`(_ suite: HPKE.Suite) throws {
    let key = try AgreementKey(suite.curve)
    let other = try AgreementKey(suite.curve)
    let (message, info, data) = (Array("content key".utf8), Array("record 1".utf8), Array("field 2".utf8))
    let sealed = try HPKE.seal(message.span, to: key.publicKey, suite, info: info.span, authenticating: data.span)

    func code(
      _ sealed: [UInt8], _ key: borrowing AgreementKey, _ suite: HPKE.Suite, _ info: [UInt8], _ data: [UInt8]
    ) -> CryptographyError.Code? {
      do {
        _ = try HPKE.open(sealed.span, with: key, suite, info: info.span, authenticating: data.span)
        return nil
      } catch {
        return error.code
      }
    }
    #expect(code(sealed, key, suite, info, data) == nil)
    for bit in stride(from: 0, to: sealed.count * 8, by: suite == .p521 ? 7 : 1) {
      // The top bit of a key of X25519 counts for nothing in the agreement (RFC 7748, section 5), but for all else.
      var changed = sealed
      changed[bit / 8] ^= 1 << UInt8(bit % 8)
      #expect(code(changed, key, suite, info, data) == .authenticationFailed, "bit \(bit)")
    }
    for count in stride(from: 0, to: sealed.count, by: 5) {
      #expect(code(Array(sealed[..<count]), key, suite, info, data) == .authenticationFailed)
    }
    #expect(code(sealed + [0], key, suite, info, data) == .authenticationFailed)
    #expect(code(sealed, other, suite, info, data) == .authenticationFailed)
    #expect(code(sealed, key, suite, info + [0], data) == .authenticationFailed)
    #expect(code(sealed, key, suite, info, []) == .authenticationFailed)
    #expect(code(sealed, key, suite == .p521 ? .x25519 : .p521, info, data) == .authenticationFailed)
  }

  @Test func `nothing is sealed to a key of another curve, or to one that agrees on zeros`() throws {
    let p521 = try AgreementKey(.p521).publicKey
    let nothing = [UInt8](repeating: 0, count: 32)
    let zeros = try AgreementPublicKey(.x25519, bytes: nothing.span)
    let (message, info): ([UInt8], [UInt8]) = ([1], [])
    for key in [p521, zeros] {
      let code = failure { () throws(CryptographyError) in
        _ = try HPKE.seal(message.span, to: key, .x25519, info: info.span)
      }
      #expect(code == .invalidKey)
    }
  }
}
