public import Base

/// Something that a finalized run has left behind.
public struct Leftover: Sendable, Codable, Equatable {
  /// `the copy of main that was read`
  public let what: String
  /// A path, or a location without secrets.
  public let place: String
  public let bytes: Int?
  /// Why it stays, and what a person may do about it; nil for what `retire` puts away.
  public let stays: String?

  public init(_ what: String, at place: String, bytes: Int? = nil, stays: String? = nil) {
    self.what = what
    self.place = place
    self.bytes = bytes
    self.stays = stays
  }
}

/// What is to be put away beyond what nobody can need any longer.
public struct RetireWishes: Sendable, Equatable {
  /// The backups that finalized runs made, not only those beyond the number to be kept.
  public var backups: Bool
  /// Runs that have not come to their end: what is theirs is in use.
  public var openRuns: [UniqueID]

  public init(backups: Bool = false, openRuns: [UniqueID] = []) {
    self.backups = backups
    self.openRuns = openRuns
  }
}

/// A step that puts something away once a run is finalized. It is done when nothing of it is left.
public protocol RetireStep: Step {
  /// `remove the copies that were read`
  var title: String { get }

  /// What there is now, what stays included. Changes nothing.
  func leftovers(_ context: StepContext) async throws -> [Leftover]
}

extension RetireStep {
  public func probe(_ context: StepContext) async throws -> StepEffect {
    try await leftovers(context).allSatisfy { $0.stays != nil } ? .complete(digest: nil) : .incomplete
  }
}
