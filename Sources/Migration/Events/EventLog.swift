internal import Base
internal import Synchronization

/// A run's events on disk, one JSON object a line: written by the process that works on the run, read by all others.
enum EventLog {
  /// Far beyond what an event takes: a torn write may leave anything behind, and is passed over like any other line.
  static let longestLine = 1 << 24

  /// A listener that appends to the run's event file. It reaches the disk when the system writes it there: after a
  /// loss of power the last events may be missing, and the journal tells what was done.
  static func writer(_ folder: RunFolder) throws -> EventSink.Listener {
    let file = Mutex(try AppendWriter(folder.events))
    return { event in
      // A full disk must stop the work where it writes data, not here: the event log is not the journal.
      guard let line = try? encodeJSON(event) else { return }
      file.withLock { file in
        // Likewise: what cannot be logged is still journaled.
        try? file.append(line.span, syncing: false)
      }
    }
  }

  /// What of a run's last events is asked for.
  enum Wanted {
    case nothing
    /// The last progress of the activity at hand.
    case progress
    /// The error that the last activity ended with.
    case failure
  }

  struct Last {
    var progress: Progress?
    var failure: String?
    var advice: String?
    /// Whether the beginning of the last activity was seen: nothing before it counts.
    var isWhole = false

    mutating func take(_ event: Event) {
      switch event.kind {
      case .stateChanged(_, let to) where to.isAtWork && to != .cancelling:
        self = Last(isWhole: true)
      case .progress(let progress): self.progress = progress
      case .failed(let error, let advice): (failure, self.advice) = (error, advice)
      default: break
      }
    }
  }

  /// How much of the end of a log is read at first.
  static let firstWindow: Int64 = 1 << 17

  /// The last progress or failure of a run. Reads from the end as much as that takes: a run of days has a long log.
  static func last(_ folder: RunFolder, _ wanted: Wanted) throws -> Last {
    guard wanted != .nothing, try Files.exists(folder.events) else { return Last() }
    let size = try Files.status(of: folder.events).size
    var window = firstWindow
    while true {
      let start = max(0, size - window)
      var last = Last()
      // What begins in the middle of a line is no event and is passed over.
      var reader = try LineReader(folder.events, limit: longestLine, from: start)
      while try reader.next() {
        if let event = try event(in: reader.line) { last.take(event) }
      }
      let isFound = wanted == .progress ? last.progress != nil : last.failure != nil
      if start == 0 || last.isWhole || isFound { return last }
      window *= 8
    }
  }

  /// Every event so far. A last line that is not whole yet is left out.
  static func each(_ folder: RunFolder, _ body: (Event) throws -> Void) throws {
    var reader = try LineReader(folder.events, limit: longestLine)
    while try reader.next() {
      if let event = try event(in: reader.line) { try body(event) }
    }
  }

  /// Hands over the events so far, then new ones as they come, until nobody works on the run any longer.
  static func follow(_ folder: RunFolder, _ listener: EventSink.Listener) async throws {
    var offset: Int64 = 0
    while true {
      let active = try FileLock.isHeld(folder.lock)
      if try Files.exists(folder.events) {
        var reader = try LineReader(folder.events, limit: longestLine, from: offset)
        while try reader.next() {
          guard reader.isComplete else { break }
          offset = reader.offset + Int64(reader.line.count) + 1
          if let event = try event(in: reader.line) { listener(event) }
        }
      }
      if !active { return }
      try await Task.sleep(for: .milliseconds(200))
    }
  }

  private static func event(in line: Span<UInt8>) throws -> Event? {
    var bytes = [UInt8]()
    bytes.reserveCapacity(line.count)
    for index in line.indices { bytes.append(line[index]) }
    // A torn last line, or one of a newer program: passed over, since the journal holds what matters.
    return try? decodeJSON(Event.self, from: bytes)
  }
}
