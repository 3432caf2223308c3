internal import Base
internal import Cryptography

/// The plans of a platform, each in a file named by its hash.
struct PlanStore {
  private let workplace: Workplace
  static let sizeLimit = 64 << 20

  init(_ workplace: Workplace) { self.workplace = workplace }

  func save(_ plan: Plan, hash: Digest256) throws {
    try Files.createFolder(workplace.plansFolder, withParents: true)
    try Files.write(encodeJSON(plan, pretty: true), to: "\(workplace.plansFolder)/\(hash).json")
  }

  func find(_ prefix: String) throws -> (plan: Plan, hash: Digest256) {
    guard prefix.utf8.count >= 8, prefix.utf8.allSatisfy(isHexDigit) else {
      throw MigrationError(
        .usage, doing: "find the plan", reason: "a plan is named by at least eight digits of its hash",
        advice: "locktender plan prints the hash")
    }
    let folder = workplace.plansFolder
    let names = try Files.exists(folder) ? Files.list(folder) : []
    let matches = names.filter { $0.hasPrefix(prefix.lowercased()) && $0.hasSuffix(".json") }
    guard let name = matches.first, matches.count == 1 else {
      throw MigrationError(
        .notFound, doing: "find plan \(prefix)",
        reason: matches.isEmpty ? "there is none" : "\(matches.count) plans begin so",
        advice: "locktender plan makes one and prints its hash")
    }
    return try PlanStore.read("\(folder)/\(name)", expecting: String(name.dropLast(5)))
  }

  /// All that are kept, newest first. One that cannot be read is left out: it names nothing.
  func all() throws -> [Plan] {
    guard try Files.exists(workplace.plansFolder) else { return [] }
    return try Files.list(workplace.plansFolder).filter { $0.hasSuffix(".json") }.compactMap { name in
      // As said above.
      try? PlanStore.read("\(workplace.plansFolder)/\(name)", expecting: String(name.dropLast(5))).plan
    }.sorted { $0.createdAt > $1.createdAt }
  }

  /// Reads a plan and makes sure that it is the one its hash names.
  static func read(_ path: String, expecting name: String?) throws -> (plan: Plan, hash: Digest256) {
    try decode(Files.read(path, limit: sizeLimit), at: path, expecting: name)
  }

  /// - Parameter path: where it came from, for messages.
  static func decode(_ bytes: [UInt8], at path: String, expecting name: String?) throws -> (
    plan: Plan, hash: Digest256
  ) {
    let plan: Plan
    do {
      plan = try decodeJSON(Plan.self, from: bytes)
    } catch {
      throw MigrationError(
        .damaged, doing: "read the plan", reason: "\(path) is not a plan of this version",
        advice: "make a new plan with locktender plan")
    }
    guard plan.format == Plan.currentFormat else {
      throw MigrationError(
        .damaged, doing: "read the plan",
        reason: "its format is \(plan.format), this program knows \(Plan.currentFormat)",
        advice: "make a new plan with locktender plan")
    }
    let hash = try plan.hash()
    if let name, hash.description != name {
      throw MigrationError(
        .damaged, doing: "read the plan", reason: "its content does not give its hash: it was edited",
        advice: "make a new plan with locktender plan; plans are not edited by hand")
    }
    return (plan, hash)
  }

  private func isHexDigit(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (97...102).contains(byte) || (65...70).contains(byte)
  }
}
