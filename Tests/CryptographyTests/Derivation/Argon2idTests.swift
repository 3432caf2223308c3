import Base
import Cryptography
import Testing

struct Argon2idTests {
  @Test func `the vectors of RFC 9106 and of the argon2 tool come out`() throws {
    for line in try vectorLines("argon2id.txt") {
      let words = line.split(separator: " ")
      let numbers = words[..<3].compactMap { UInt32($0) }
      let fields = words[3...].map { $0 == "-" ? [] : hex(String($0)) }
      let (passphrase, salt, pepper, context) = (fields[0], fields[1], fields[2], fields[3])
      var output = [UInt8](repeating: 0, count: fields[4].count)
      var span = output.mutableSpan
      try Argon2id.derive(
        passphrase: passphrase.span, salt: salt.span, pepper: pepper.span, context: context.span,
        cost: Argon2id.Cost(memoryKiB: numbers[0], iterations: numbers[1], lanes: numbers[2]), into: &span)
      #expect(output == fields[4])
    }
  }

  @Test(arguments: [
    (1 << 20) + 1: (1, 1), 64: (17, 1), 65: (0, 1), 66: (1, 0), 136: (1, 17), 7: (1, 1), 31: (1, 4),
  ])
  func `costs out of bounds are refused before any work`(memory: Int, passesAndLanes: (Int, Int)) {
    let cost = Argon2id.Cost(
      memoryKiB: UInt32(memory), iterations: UInt32(passesAndLanes.0), lanes: UInt32(passesAndLanes.1))
    let salt = [UInt8](repeating: 1, count: 16)
    let code = failure { () throws(CryptographyError) in
      _ = try SymmetricKey(passphrase: salt.span, salt: salt.span, cost: cost)
    }
    #expect(code == .invalidParameter)
  }
}
