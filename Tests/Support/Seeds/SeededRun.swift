public import Testing

/// Runs a random test once per seed; a failure names the seed that repeats it.
///
/// `LOCKTENDER_SEED=n` runs that one seed; `LOCKTENDER_SOAK=n` runs n seeds where that is more than `count`;
/// seeds differ from run to run. Up to 25 seeds are printed as they begin, so that a failed expectation, a hang or a crash
/// can be repeated too; of more, only one whose body throws is told (use `#require` there).
/// - Throws: the first error of `body`, after it is recorded with its seed.
public func seededRun(
  count: Int = 10, sourceLocation: SourceLocation = #_sourceLocation,
  _ body: (_ seed: UInt64, _ random: inout SeededGenerator) throws -> Void
) rethrows {
  let seeds = chosenSeeds(count: count)
  let announces = seeds.count <= 25
  for seed in seeds {
    if announces { print("seed \(seed) of \(sourceLocation.fileID):\(sourceLocation.line)") }
    var random = SeededGenerator(seed: seed)
    do { try body(seed, &random) } catch {
      blame(seed, sourceLocation)
      throw error
    }
  }
}

/// Like the other, for a body that suspends.
public func seededRun(
  count: Int = 10, sourceLocation: SourceLocation = #_sourceLocation,
  _ body: (_ seed: UInt64, _ random: inout SeededGenerator) async throws -> Void
) async rethrows {
  let seeds = chosenSeeds(count: count)
  let announces = seeds.count <= 25
  for seed in seeds {
    if announces { print("seed \(seed) of \(sourceLocation.fileID):\(sourceLocation.line)") }
    var random = SeededGenerator(seed: seed)
    do { try await body(seed, &random) } catch {
      blame(seed, sourceLocation)
      throw error
    }
  }
}

/// The seeds of a run, by the environment.
///
/// - Parameter count: how many, where the environment says nothing.
public func chosenSeeds(
  count: Int, seed: String? = Environment.value(of: "LOCKTENDER_SEED"),
  soak: String? = Environment.value(of: "LOCKTENDER_SOAK")
) -> [UInt64] {
  if let seed {
    guard let seed = UInt64(seed) else { fatalError("LOCKTENDER_SEED is no number: \(seed)") }
    return [seed]
  }
  var count = count
  if let soak {
    guard let times = Int(soak), times > 0 else { fatalError("LOCKTENDER_SOAK is no number of seeds: \(soak)") }
    count = max(count, times)
  }
  return (0..<count).map { _ in UInt64.random(in: 0...999_999_999) }
}

private func blame(_ seed: UInt64, _ place: SourceLocation) {
  Issue.record("seed \(seed): repeat with LOCKTENDER_SEED=\(seed)", sourceLocation: place)
}
