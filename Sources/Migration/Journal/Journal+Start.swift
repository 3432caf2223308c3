public import Base

extension Journal {
  private static let startNote = "start"

  /// When the run was told to begin; nil where it was told none. It outlives every process that waits for it.
  public func startTime() throws -> Timestamp? {
    try note(Journal.startNote).flatMap { Timestamp(rfc3339: $0) }
  }

  func setStartTime(_ time: Timestamp) throws { try note(Journal.startNote, time.description) }
}
