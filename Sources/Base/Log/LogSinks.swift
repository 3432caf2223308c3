internal import Glibc
internal import Synchronization

/// Writes to standard error, one `write(2)` for each entry.
public struct StandardErrorSink: LogSink {
  private let format: LogFormat

  public init(_ format: LogFormat) { self.format = format }

  public func write(_ entry: LogEntry) {
    let line = Array((format.line(entry) + "\n").utf8)
    // Where standard error is closed, nobody reads; the loss is harmless.
    _ = unsafe line.withUnsafeBytes { unsafe Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }
}

/// Appends to a file as JSON Lines.
public final class FileLogSink: LogSink {
  private let writer: Mutex<AppendWriter>

  public init(_ path: String) throws(FileError) {
    writer = Mutex(try AppendWriter(path))
  }

  public func write(_ entry: LogEntry) {
    let line = LogFormat.jsonLines.line(entry)
    writer.withLock { writer in
      // A log on a full disk must not stop the work; what counts is in the journal.
      try? writer.append(line)
    }
  }
}

/// Keeps entries in memory, for tests and for reports.
public final class CollectingSink: LogSink {
  private let collected = Mutex<[LogEntry]>([])

  public init() {}

  public func write(_ entry: LogEntry) { collected.withLock { $0.append(entry) } }

  public var entries: [LogEntry] { collected.withLock { $0 } }
}

/// Sends each entry to several sinks.
public struct FanOutSink: LogSink {
  private let sinks: [any LogSink]

  public init(_ sinks: [any LogSink]) { self.sinks = sinks }

  public func write(_ entry: LogEntry) { for sink in sinks { sink.write(entry) } }
}
