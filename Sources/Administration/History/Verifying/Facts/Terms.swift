/// The words of one column in one release, in the order of the codes that 7.5 and 7.6 used for them
/// (docs/lineage.md, "Operations", "Request status", "Task kinds", "Task status").
struct Terms: Sendable {
  /// The code of the first word; the others follow.
  let firstCode: Int64
  let words: [String]
  /// All words in one piece, and where each one ends.
  private let bytes: [UInt8]
  private let ends: [Int]

  init(from firstCode: Int64, _ words: [String]) {
    self.firstCode = firstCode
    self.words = words
    bytes = words.flatMap { Array($0.utf8) }
    ends = words.indices.map { words[...$0].reduce(0) { $0 + $1.utf8.count } }
  }

  func has(_ code: Int64) -> Bool { code >= firstCode && code - firstCode < Int64(words.count) }

  func code(of text: RawSpan) -> Int64? {
    let all = unsafe bytes.span.bytes
    var start = 0
    for (index, end) in ends.enumerated() {
      if end - start == text.byteCount, text.equals(all.extracting(start..<end)) { return firstCode + Int64(index) }
      start = end
    }
    return nil
  }

  static let operations = Terms(
    from: 1,
    [
      "create", "modify", "delete", "rename", "move", "add-member", "remove-member", "enable", "disable",
      "reset-password",
    ])

  /// States of requests up to 8.1.
  static let oldRequestStates = Terms(
    from: 0, ["pending", "awaiting-approval", "executing", "done", "failed", "rejected", "cancelled"])

  /// The same in 8.2, each in its predecessor's place.
  static let requestStates = Terms(
    from: 0, ["pending", "awaiting-approval", "running", "completed", "failed", "rejected", "cancelled"])

  /// States of tasks up to 8.1.
  static let oldTaskStates = Terms(from: 0, ["open", "done", "cancelled", "running"])

  /// The same in 8.2. The state `held` is none of these: it stands for one of them.
  static let taskStates = Terms(from: 0, ["open", "completed", "cancelled", "running"])

  static let held = Terms(from: 0, ["held"])

  static let sectionKinds = Terms(from: 1, ["workflow", "policy"])
  /// The letters that 7.5 and 7.6 have for them.
  static let sectionLetters = Terms(from: 1, ["W", "P"])

  static let taskKinds = Terms(from: 1, ["approval", "temporal-membership", "deprovisioning"])

  /// Codes of the states in which a task is not finished.
  static func isUnfinishedTask(_ code: Int64) -> Bool { code == 0 || code == 3 }
}
