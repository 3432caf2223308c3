import Base
import Database
import Migration
import Subprocess
import TestSupport

/// What a process of its own is to import.
struct ImportOrder: Codable {
  enum Kind: String, Codable {
    /// The whole product: backup with its test, import, verification.
    case whole
    /// The same without the backup.
    case unsecured
    /// The carrying alone, without journal, digests, checkpoints and leases.
    case bare
  }

  let kind: Kind
  let source: String
  let destination: String
  /// `bulk` or `live`.
  var mode = "bulk"

  /// Runs the order in a new process and waits for its result. Blocks.
  func run() throws -> ImportResult {
    let order = String(decoding: try encodeJSON(self), as: UTF8.self)
    let outcome = try Command("/proc/self/exe", ["import", order]).run(timeout: .seconds(7_200))
    if !outcome.status.isSuccess { say(outcome.errorText) }
    try outcome.requireSuccess()
    let result = try decodeJSON(ImportResult.self, from: outcome.output)
    let steps = result.steps.sorted { $0.key < $1.key }.map { "\($0.key) \(tenths($0.value))" }
    say(
      "  \(kind.rawValue) \(mode): \(tenths(result.seconds)) (\(steps.joined(separator: ", "))), "
        + "verification \(tenths(result.verification)), peak memory \(result.peakMemory >> 20) MiB")
    return result
  }

  /// The other end: does what the argument says, and prints the result.
  static func carryOut(_ argument: String) async throws {
    let order = try decodeJSON(ImportOrder.self, from: Array(argument.utf8))
    let timed = try await TimedImport.run(order)
    let result = ImportResult(
      steps: timed.times.seconds, verification: timed.times.verifySeconds, peakMemory: try PeakMemory.bytes())
    print(String(decoding: try encodeJSON(result), as: UTF8.self))
  }
}

/// What an import took.
struct ImportResult: Codable {
  /// Seconds of each step.
  let steps: [String: Double]
  /// Seconds that both sides were read again and compared.
  let verification: Double
  /// The most memory that the process had, in bytes.
  let peakMemory: Int

  /// Seconds from an empty database to one with rows, keys, indexes and statistics, as the peers leave theirs.
  var seconds: Double { of("prepare", "tasks", "history", "keys", "settle") }

  /// The rows alone.
  var carrying: Double { of("tasks", "history") }

  func of(_ names: String...) -> Double { names.reduce(0) { $0 + (steps[$1] ?? 0) } }
}
