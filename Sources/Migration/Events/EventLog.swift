internal import Base
internal import Synchronization

/// A run's events on disk, one JSON object a line: written by the process that works on the run, read by all others.
enum EventLog {
  /// Far beyond what an event takes: a torn write may leave anything behind, and is passed over like any other line.
  static let longestLine = 1 << 24

  /// A listener that appends to the run's event file. Batches are on disk before the next is told; progress need
  /// not be.
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

  struct Last {
    var progress: Progress?
    var failure: String?
    var advice: String?
  }

  /// The last progress and failure of a run.
  static func last(_ folder: RunFolder) throws -> Last {
    var last = Last()
    guard try Files.exists(folder.events) else { return last }
    try each(folder) { event in
      switch event.kind {
      case .progress(let progress): last.progress = progress
      case .failed(let error, let advice):
        last.failure = error
        last.advice = advice
      default: break
      }
    }
    return last
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
      let active = try FileLock.attempt(folder.lock) == nil
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
