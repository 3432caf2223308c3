internal import Synchronization

/// Asked at each batch's end: should the run stop here?
///
/// Set by a signal handler's thread, by the watcher of the run's folder, or by a test.
public final class CancellationFlag: Sendable {
  private let flag = Atomic<Bool>(false)

  public init() {}

  public var isSet: Bool { flag.load(ordering: .relaxed) }

  public func set() { flag.store(true, ordering: .relaxed) }

  /// - Throws: `CancellationError` once the flag is set.
  public func check() throws {
    if isSet { throw CancellationError() }
  }
}
