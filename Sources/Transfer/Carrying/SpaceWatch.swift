internal import Base
public import Migration
internal import Synchronization

/// Looks at free disk space while a run writes, and stops it before the disk is full (D22): a database that runs out
/// of space in the middle of a commit is harder to help than a run that stands still.
public final class SpaceWatch: Sendable {
  /// A folder and the bytes that are to stay free there.
  public struct Floor: Sendable, Equatable {
    public let folder: String
    public let bytes: Int

    public init(folder: String, bytes: Int) {
      self.folder = folder
      self.bytes = bytes
    }
  }

  private struct State {
    var floors: [Floor]?
    var lookedAt: Timestamp?
  }

  private let find: @Sendable () throws -> [Floor]
  private let state = Mutex(State(floors: nil, lookedAt: nil))

  /// - Parameter floors: asked once, when the first look is taken; blocks.
  public init(floors: @escaping @Sendable () throws -> [Floor]) { find = floors }

  /// Looks, at most twice a second unless it is the first time.
  ///
  /// - Throws: ``MigrationError`` `stepFailed` where a folder has less than is to stay free; the run can be resumed.
  public func check(_ context: StepContext) throws {
    let now = context.workplace.clock.now()
    let floors: [Floor]? = try state.withLock { state in
      if let last = state.lookedAt, now.seconds(since: last) < 0.5, now >= last { return nil }
      state.lookedAt = now
      let floors = try state.floors ?? find()
      state.floors = floors
      return floors
    }
    for floor in floors ?? [] {
      let free = Int(try Files.space(at: floor.folder).free)
      guard free < floor.bytes else { continue }
      throw MigrationError(
        .stepFailed, doing: "look at the disk space",
        reason: "\(floor.folder) has \(free) bytes of space left, and \(floor.bytes) are to stay free",
        advice: "free some space there, then: locktender resume \(context.run)")
    }
  }
}
