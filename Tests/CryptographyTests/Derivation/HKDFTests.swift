import Base
import Cryptography
import Testing

struct HKDFTests {
  @Test func `the vectors of RFC 5869 come out`() throws {
    for fields in try vectorFields("hkdf-sha256.txt") {
      let (key, salt, info) = (fields[0], fields[1], fields[2])
      var output = [UInt8](repeating: 0, count: fields[3].count)
      var span = output.mutableSpan
      try HKDF.sha256(inputKey: key.span, salt: salt.span, info: info.span, into: &span)
      #expect(output == fields[3])
    }
  }

  @Test(arguments: [0, 8161])
  func `outputs that HKDF cannot give are refused`(count: Int) {
    var output = [UInt8](repeating: 0, count: count)
    let key: [UInt8] = [1]
    let code = failure { () throws(CryptographyError) in
      var span = output.mutableSpan
      try HKDF.sha256(inputKey: key.span, salt: key.span, info: key.span, into: &span)
    }
    #expect(code == .invalidParameter)
  }
}
