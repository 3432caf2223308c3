/// Which value a property of a person has at the moment: a running number, and whether it is an unusual one.
///
/// The value itself is computed from this whenever it is written, so that the old value of a change is always the
/// new value of the change before, without any value being stored.
struct ValueState {
  enum Kind: UInt16 {
    case plain, absent, empty, manyScripts, long, huge, special
  }

  private var bits: UInt16 = 0

  var version: Int { Int(bits & 0x0FFF) }
  // Only `next(_:)` writes the upper bits, from a kind.
  var kind: Kind { Kind(rawValue: bits >> 12)! }

  /// The value after the next change.
  func next(_ kind: Kind) -> ValueState {
    var state = ValueState()
    state.bits = (bits &+ 1) & 0x0FFF | kind.rawValue << 12
    return state
  }
}
