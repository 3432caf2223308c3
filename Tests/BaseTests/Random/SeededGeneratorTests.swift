import Base
import Testing

struct SeededGeneratorTests {
  @Test func `the numbers are those of xoshiro256 star star seeded by SplitMix64`() throws {
    let program = """
      M = (1 << 64) - 1
      def splitmix(seed):
          while True:
              seed = (seed + 0x9E3779B97F4A7C15) & M
              z = seed
              z = ((z ^ z >> 30) * 0xBF58476D1CE4E5B9) & M
              z = ((z ^ z >> 27) * 0x94D049BB133111EB) & M
              yield z ^ z >> 31
      def rotl(x, k): return (x << k | x >> (64 - k)) & M
      for seed in (0, 1, 2**63 + 12345):
          g = splitmix(seed)
          s = [next(g) for _ in range(4)]
          if seed == 0: assert s[0] == 0xE220A8397B1DCDAF and s[1] == 0x6E789E6AA1B965F4
          for _ in range(5):
              print(rotl(s[1] * 5 & M, 7) * 9 & M)
              t = s[1] << 17 & M
              s[2] ^= s[0]; s[3] ^= s[1]; s[1] ^= s[2]; s[0] ^= s[3]
              s[2] ^= t; s[3] = rotl(s[3], 45)
      """
    let told = try python(program).split(separator: "\n").compactMap { UInt64($0) }
    var numbers = [UInt64]()
    for seed: UInt64 in [0, 1, 1 << 63 + 12345] {
      var generator = SeededGenerator(seed: seed)
      for _ in 0..<5 { numbers.append(generator.next()) }
    }
    #expect(told == numbers)
  }
}
