public import Base

/// The plan of a run as the place keeps it that the run writes to: by it the run can be gone on with, or taken back,
/// where its folder is lost, or on another host.
public struct KeptPlan: Sendable, Equatable {
  public let run: UniqueID
  /// The plan's file as it stands in the run's folder.
  public let text: String

  public init(run: UniqueID, text: String) {
    self.run = run
    self.text = text
  }
}
