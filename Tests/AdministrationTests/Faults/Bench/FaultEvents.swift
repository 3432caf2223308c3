import Base
import Migration
import Synchronization
import Testing

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

extension EventSink {
  /// Acts once when a step begins, as somebody else would who works on one of the databases meanwhile.
  static func when(_ step: String, _ act: @escaping @Sendable () throws -> Void) -> Listener {
    let done = Mutex(false)
    return { event in
      guard case .stepStarted(let id, _, _, _) = event.kind, id == step else { return }
      let isFirst = done.withLock { done in
        defer { done = true }
        return !done
      }
      guard isFirst else { return }
      do { try act() } catch { Issue.record("what was to happen meanwhile failed: \(explain(error))") }
    }
  }
}
