public import Base
internal import Synchronization

/// Takes the events of one run and hands them to everybody who listens, in order.
///
/// Listeners are called on the thread that tells, one at a time, and must be quick.
public final class EventSink: Sendable {
  public typealias Listener = @Sendable (Event) -> Void

  private let run: UniqueID
  private let clock: any Clock
  private let listeners: Mutex<[Listener]>

  public init(run: UniqueID, clock: any Clock, listeners: [Listener] = []) {
    self.run = run
    self.clock = clock
    self.listeners = Mutex(listeners)
  }

  public func add(_ listener: @escaping Listener) {
    listeners.withLock { $0.append(listener) }
  }

  public func tell(_ kind: Event.Kind) {
    let event = Event(at: clock.now(), run: run, kind: kind)
    listeners.withLock { listeners in
      for listener in listeners { listener(event) }
    }
  }
}
