internal import Base

/// Where a long result goes piece by piece: to standard output, or to a file that appears when it is whole.
final class ResultOutput {
  private let file: StagedWriter?
  private let console: Console
  private var pending = ""
  /// Whether somebody still gets it: not, once the other end of a pipe is closed, or nothing can be written.
  private(set) var isRead = true

  /// - Parameter path: nil for standard output.
  init(_ path: String?, _ console: Console) throws(FileError) {
    self.console = console
    file = if let path { try StagedWriter(path) } else { nil }
  }

  func write(_ text: String) throws(FileError) {
    if let file { return try file.write(text) }
    pending += text
    if pending.utf8.count >= 1 << 16 { flush() }
  }

  func line(_ text: String = "") throws(FileError) { try write(text + "\n") }

  func finish() throws(FileError) {
    if let file { try file.commit() } else { flush() }
  }

  private func flush() {
    if isRead { isRead = console.write(pending) }
    pending = ""
  }
}
