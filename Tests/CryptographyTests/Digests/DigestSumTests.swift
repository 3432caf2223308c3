import Base
import Cryptography
import Testing

struct DigestSumTests {
  private func randomDigests(_ count: Int, _ generator: inout SeededGenerator) -> [Digest256] {
    // Words of all ones and zeros are frequent, so that carries run through every word.
    func word() -> UInt64 {
      switch generator.next() % 4 {
      case 0: .max
      case 1: 0
      default: generator.next()
      }
    }
    return (0..<count).map { _ in Digest256(word(), word(), word(), word()) }
  }

  private func sum(_ digests: some Sequence<Digest256>) -> DigestSum {
    var sum = DigestSum()
    for digest in digests { sum.add(digest) }
    return sum
  }

  @Test func `sums agree with integer arithmetic modulo two to the 256th`() throws {
    for line in try vectorLines("digest-sum/sums.txt") {
      let parts = line.split(separator: " ")
      let members = try parts[0].split(separator: ",").map { try #require(Digest256(hexadecimal: $0)) }
      let total = sum(members)
      #expect(total.sum.description == parts[1])
      #expect(total.count == UInt64(members.count))
    }
  }

  @Test func `order and grouping do not matter`() {
    var generator = SeededGenerator()
    print("seed \(generator.seed)")
    for _ in 0..<200 {
      let digests = randomDigests(Int(generator.next() % 20) + 2, &generator)
      let whole = sum(digests)
      #expect(sum(digests.shuffled(using: &generator)) == whole, "seed \(generator.seed)")
      let cut = Int(generator.next() % UInt64(digests.count))
      var left = sum(digests[..<cut])
      let right = sum(digests[cut...])
      var swapped = right
      swapped.merge(left)
      left.merge(right)
      #expect(left == whole && swapped == whole, "seed \(generator.seed)")
    }
  }

  @Test func `what was added can be taken away again, before or after`() {
    var generator = SeededGenerator()
    print("seed \(generator.seed)")
    for _ in 0..<200 {
      let digests = randomDigests(6, &generator)
      let start = sum(digests[..<3])
      var changed = start
      for digest in digests[3...] { changed.add(digest) }
      var parts = changed
      parts.remove(sum(digests[3...]))
      #expect(parts == start, "seed \(generator.seed)")
      for digest in digests[3...].reversed() { changed.subtract(digest) }
      #expect(changed == start, "seed \(generator.seed)")
      changed.subtract(digests[5])
      changed.subtract(digests[4])
      changed.add(digests[5])
      changed.add(digests[4])
      #expect(changed == start, "seed \(generator.seed)")
    }
  }

  @Test func `a doubled row changes the sum, and so does a lost one`() {
    var hasher = SHA256Hasher()
    let row = hasher.digest(of: [1].span)
    let other = hasher.digest(of: [2].span)
    #expect(sum([row, row, other]) != sum([other]))
    #expect(sum([row, other]) != sum([other]))
    #expect(sum([row, row]).sum != sum([other, other]).sum)
  }

  @Test func `a sum survives its bytes, and other lengths are refused`() throws {
    var generator = SeededGenerator()
    let total = sum(randomDigests(5, &generator))
    var bytes = total.bytes
    #expect(bytes.count == DigestSum.byteCount)
    let again = DigestSum(bytes: bytes.span)
    #expect(again == total)
    bytes.append(0)
    let longer = DigestSum(bytes: bytes.span)
    #expect(longer == nil)
    bytes.removeLast(2)
    let shorter = DigestSum(bytes: bytes.span)
    #expect(shorter == nil)
    #expect(DigestSum().description == String(repeating: "0", count: 64) + "×0")
  }
}
