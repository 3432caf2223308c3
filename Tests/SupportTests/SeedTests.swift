internal import TestSupport
internal import Testing

@Suite struct SeedTests {
  @Test func `the generator follows the published sequence`() {
    // The first outputs of SplitMix64 for the seed 1234567, from the reference implementation.
    var random = SeededGenerator(seed: 1_234_567)
    #expect(random.next() == 6_457_827_717_110_365_317)
    #expect(random.next() == 3_203_168_211_198_807_973)
    #expect(random.next() == 9_817_491_932_198_370_423)
  }

  @Test func `the environment chooses one seed or many`() {
    #expect(chosenSeeds(count: 10, seed: "42", soak: "200") == [42])
    #expect(chosenSeeds(count: 10, seed: nil, soak: "200").count == 200)
    // A test that is quick enough for more keeps them.
    #expect(chosenSeeds(count: 500, seed: nil, soak: "200").count == 500)
    #expect(Set(chosenSeeds(count: 10, seed: nil, soak: nil)).count == 10)
  }

  @Test func `a seed that throws is named`() {
    struct Planted: Error {}
    withKnownIssue {
      #expect(throws: Planted.self) {
        try seededRun(count: 1) { _, _ in throw Planted() }
      }
    } matching: { issue in
      issue.comments.contains { $0.rawValue.contains("LOCKTENDER_SEED=") }
    }
  }
}
