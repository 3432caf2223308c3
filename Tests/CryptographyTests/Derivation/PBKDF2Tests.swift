import Base
import Cryptography
import Testing

struct PBKDF2Tests {
  @Test func `the vectors of RFC 7914 come out`() throws {
    for fields in try vectorFields("pbkdf2-sha256.txt") {
      let (passphrase, salt) = (fields[0], fields[1])
      let rounds = fields[2].reduce(0) { $0 << 8 | Int($1) }
      var output = [UInt8](repeating: 0, count: fields[3].count)
      var span = output.mutableSpan
      try PBKDF2.sha256(passphrase: passphrase.span, salt: salt.span, rounds: rounds, into: &span)
      #expect(output == fields[3])
    }
  }

  @Test(arguments: [(0, 32), (-1, 32), (10_000_001, 32), (1, 0), (1, 1_025)])
  func `rounds and lengths out of bounds are refused before any work`(_ rounds: Int, _ count: Int) {
    var output = [UInt8](repeating: 0, count: count)
    let bytes: [UInt8] = [1]
    let code = failure { () throws(CryptographyError) in
      var span = output.mutableSpan
      try PBKDF2.sha256(passphrase: bytes.span, salt: bytes.span, rounds: rounds, into: &span)
    }
    #expect(code == .invalidParameter)
  }
}
