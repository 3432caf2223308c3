/// Interrupts what a connection does, from any thread.
///
/// The interrupted call throws `cancelled`. A cancellation that comes when nothing runs is lost on SQLite; on
/// PostgreSQL one that comes late may meet the statement after the one it was meant for.
public struct Canceller: Sendable {
  private let act: @Sendable () -> Void

  init(_ act: @escaping @Sendable () -> Void) { self.act = act }

  /// Blocks for a round trip on PostgreSQL. Harmless after the connection was closed.
  public func cancel() { act() }
}
