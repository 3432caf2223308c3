internal import Base

extension HistorySource {
  /// As ``examine()``; an error names the source and a way out.
  func examined() throws -> SourceExamination {
    do {
      return try examine()
    } catch {
      throw AdministrationError(
        .unusable, doing: "read source \(name)",
        advice: advice(for: error) ?? "correct sources.\(name) in the platform file, or bring back what it names",
        cause: error)
    }
  }
}
