import Base
import Testing

@testable import Cryptography

struct AgreementTests {
  @Test(arguments: [Curve.x25519, .p521])
  func `two keys agree from either side, and a key survives its bytes`(_ curve: Curve) throws {
    for _ in 0..<20 {
      let left = try AgreementKey(curve)
      let right = try AgreementKey(curve)
      let exported = try left.exported()
      let again = try AgreementKey(curve, bytes: exported.bytes)
      #expect(again.publicKey == left.publicKey)
      let first = try again.agree(with: right.publicKey)
      let second = try right.agree(with: left.publicKey)
      let isEqual = equalInConstantTime(first.bytes, second.bytes)
      #expect(isEqual)
    }
  }

  @Test func `scalars that are none of the curve's are refused`() throws {
    let order = hex(
      """
      01ff ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff
      fffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409
      """)
    for (curve, scalar) in [
      (Curve.p521, order), (.p521, [UInt8](repeating: 0, count: 66)), (.p521, [UInt8](repeating: 0xFF, count: 66)),
      (.p521, [1]), (.x25519, [UInt8](repeating: 1, count: 31)), (.x25519, [UInt8](repeating: 1, count: 33)),
    ] {
      let code = failure { () throws(CryptographyError) in _ = try AgreementKey(curve, bytes: scalar.span) }
      #expect(code == .invalidKey, "\(curve) \(scalar.count)")
    }
    var least = order
    least[65] -= 1
    let key = try AgreementKey(.p521, bytes: least.span)
    #expect(key.publicKey.bytes.count == 133)
  }

  @Test func `points that are not on the curve, and other forms of a point, are refused`() throws {
    let good = try AgreementKey(.p521).publicKey.bytes
    var moved = good
    moved[132] ^= 1
    let compressed = [2 + (good[132] & 1)] + good[1..<67]
    for bytes in [moved, compressed, [0], [UInt8](repeating: 0, count: 133), good + [0]] {
      let code = failure { () throws(CryptographyError) in _ = try AgreementPublicKey(.p521, bytes: bytes.span) }
      #expect(code == .invalidKey, "\(bytes.count)")
    }
    let taken = try AgreementPublicKey(.p521, bytes: good.span)
    #expect(taken.bytes == good)
  }
}
