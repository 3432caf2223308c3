/// Spreads the bits of a number over all 64 (the finaliser of SplitMix64 by Steele, Lea and Flood): the same
/// number always gives the same result, neighbouring numbers unrelated ones.
@inline(__always)
func mixed(_ number: UInt64) -> UInt64 {
  var bits = number &+ 0x9E37_79B9_7F4A_7C15
  bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
  bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
  return bits ^ (bits >> 31)
}

/// A number that belongs to a seed and two more numbers, for things that are computed when they are needed and
/// never stored: the guid of person 17, the third telephone number of person 4.
@inline(__always)
func mixed(_ seed: UInt64, _ first: Int, _ second: Int = 0) -> UInt64 {
  mixed(
    mixed(seed ^ UInt64(bitPattern: Int64(first)) &* 0x2545_F491_4F6C_DD1D) &+ UInt64(bitPattern: Int64(second)))
}

/// The lab's random numbers: SplitMix64, in this module so that the loop over ten million requests inlines it.
///
/// Distributions are integer arithmetic on these numbers alone: the standard library may change how it draws from
/// a range, and the same seed must describe the same organisation for years.
struct Dice {
  private var state: UInt64

  init(seed: UInt64, stream: Int) { state = mixed(seed, stream) }

  @inline(__always)
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    return mixed(state)
  }

  /// A number from 0 to one below the limit.
  @inline(__always)
  mutating func below(_ limit: Int) -> Int {
    Int(next().multipliedFullWidth(by: UInt64(limit)).high)
  }

  @inline(__always)
  mutating func within(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound + below(range.upperBound - range.lowerBound + 1)
  }

  @inline(__always)
  mutating func chance(percent: Int) -> Bool { below(100) < percent }

  /// One element; the array must not be empty.
  @inline(__always)
  mutating func pick<Element>(_ choices: [Element]) -> Element { choices[below(choices.count)] }
}
