internal import Base
internal import Migration
internal import Transfer

/// What a person asked of an import, read and checked as a whole, the same way by every verb that takes it.
struct HistoryChoices: Sendable {
  /// nil: as many as the destination's engine makes good use of.
  let workers: Int?
  let rejectLimit: Int
  /// nil: as the destination's condition says.
  let mode: CarryOptions.Mode?
  let wish: HistoryWish
  let principals: PrincipalWishes

  /// More would wait for each other at any destination.
  static let mostWorkers = 64

  /// - Throws: ``MigrationError`` `usage` for a choice that nobody can act on.
  init(_ request: PlanRequest, now: Timestamp) throws {
    workers = try HistoryChoices.number("workers", in: request, 1...HistoryChoices.mostWorkers, or: "auto")
    rejectLimit = try HistoryChoices.number("reject-limit", in: request, 0...1_000_000) ?? 1_000
    mode = try HistoryChoices.word("mode", in: request, ["auto": nil, "bulk": .bulk, "live": .live]) ?? nil
    _ = try HistoryChoices.word("range", in: request, ["all": true, "rest": true])
    wish = try HistoryWish(request, now: now)
    principals = try PrincipalWishes(request)
  }

  private static func number(
    _ name: String, in request: PlanRequest, _ bounds: ClosedRange<Int>, or word: String? = nil
  ) throws -> Int? {
    guard let text = request[name], text != word else { return nil }
    guard let number = Int(text), bounds.contains(number) else {
      throw MigrationError(
        .usage, doing: "read --\(name)",
        reason: "“\(text)” is no number from \(bounds.lowerBound) to \(bounds.upperBound)",
        advice: word.map { "leave it away, or write --\(name) \($0)" } ?? "leave it away for the usual one")
    }
    return number
  }

  private static func word<Meaning>(
    _ name: String, in request: PlanRequest, _ words: [String: Meaning]
  ) throws -> Meaning? {
    guard let text = request[name] else { return nil }
    guard let meaning = words[text] else {
      throw MigrationError(
        .usage, doing: "read --\(name)", reason: "“\(text)” is none of its words",
        advice: "--\(name) " + words.keys.sorted().joined(separator: ", or "))
    }
    return meaning
  }
}

/// The times that were asked for.
struct HistoryWish: Sendable {
  let interval: HistoryRange.Interval
  let onlyRest: Bool

  /// - Throws: ``MigrationError`` `usage` for times that cannot be read, lie in the future, or are turned round.
  init(_ request: PlanRequest, now: Timestamp) throws {
    func time(_ name: String) throws -> Timestamp? {
      guard let text = request[name] else { return nil }
      guard let time = Timestamp(typed: text) else {
        throw MigrationError(
          .usage, doing: "read --\(name)", reason: "“\(text)” is no time",
          advice: "write 2026-11-20 or 2026-11-20T15:00:00+01:00; without a zone UTC is meant")
      }
      guard time <= now else {
        throw MigrationError(
          .usage, doing: "read --\(name)", reason: "\(time) lies in the future: here it is \(now)",
          advice: "leave it away to bring everything up to now")
      }
      return time
    }
    interval = HistoryRange.Interval(from: try time("from"), until: try time("until"))
    if let from = interval.from, let until = interval.until, from >= until {
      throw MigrationError(
        .usage, doing: "read --from and --until", reason: "nothing lies between \(from) and \(until)",
        advice: "--from is the first instant that comes, --until the first one after it")
    }
    onlyRest = request["range"] != "all"
  }

  /// What is read of a source, given the imports of it: with `rest`, what is not in for sure.
  func range(past: [PastImport]) -> HistoryRange {
    let whole = HistoryRange(
      intervals: [interval],
      isRepeated: past.contains { $0.isComplete && $0.interval == HistoryRange.Interval() })
    return onlyRest ? whole.subtracting(past.compactMap(\.certain)) : whole
  }
}
