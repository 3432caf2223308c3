internal import Base
internal import Migration

/// From when on a run has read a source: what was written there later belongs to a later import.
enum SourceMoment {
  private static func name(_ source: String) -> String { "secure.\(source).moment" }

  /// Notes that the copy of a source begins now.
  static func note(_ source: String, _ context: StepContext) throws {
    try context.journal.note(name(source), String(context.workplace.clock.now().microseconds))
  }

  /// nil where the source was not copied.
  static func of(_ source: String, _ context: StepContext) throws -> Timestamp? {
    try context.journal.note(name(source)).flatMap { Int64($0) }.map { Timestamp(microseconds: $0) }
  }
}
