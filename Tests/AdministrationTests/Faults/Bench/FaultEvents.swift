import Migration
import Synchronization

/// What a run tells, as texts.
final class FaultEvents: Sendable {
  private let events = Mutex<[Event.Kind]>([])

  func add(_ event: Event) { events.withLock { $0.append(event.kind) } }
  var all: [Event.Kind] { events.withLock { $0 } }

  /// What it noted, warned of, or failed with.
  var texts: [String] {
    all.compactMap { kind in
      switch kind {
      case .noted(let text), .warned(let text): text
      case .failed(let text, _): text
      default: nil
      }
    }
  }

  var rejected: Int { all.reduce(0) { if case .rejected(_, let rows, _) = $1 { $0 + rows } else { $0 } } }
}
