internal import Glibc

/// What a descriptor leads to, as far as showing text is concerned.
public struct Terminal: Sendable {
  let descriptor: Int32

  static let input = Terminal(descriptor: 0)
  static let output = Terminal(descriptor: 1)
  static let errors = Terminal(descriptor: 2)

  var isTerminal: Bool { isatty(descriptor) == 1 }

  /// Columns: what the terminal says (tty_ioctl(4)), else what the environment says, else 80.
  var width: Int {
    var size = winsize()
    if unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 { return Int(size.ws_col) }
    if let text = environment("COLUMNS"), let columns = Int(text), columns > 0 { return columns }
    return 80
  }

  /// Columns that a table may take: a file or a pipe has room for all of it.
  var tableWidth: Int { isTerminal ? max(60, width) : 1000 }

  /// Whether lines can be drawn again: a terminal that knows more than printing.
  var canRedraw: Bool {
    guard isTerminal, let kind = environment("TERM") else { return false }
    return !kind.isEmpty && kind != "dumb"
  }

  /// - Parameter color: the value of `--color`.
  func style(color: String?) -> Style {
    let locale = environment("LC_ALL") ?? environment("LC_CTYPE") ?? environment("LANG") ?? ""
    let lowered = locale.lowercased()
    let hasColor =
      switch color ?? "auto" {
      case "always": true
      case "never": false
      // https://no-color.org: set to anything but nothing.
      default: canRedraw && (environment("NO_COLOR") ?? "").isEmpty
      }
    return Style(hasColor: hasColor, hasUnicode: lowered.contains("utf-8") || lowered.contains("utf8"))
  }

  /// Writes everything; what nobody reads any longer is dropped.
  ///
  /// - Returns: whether somebody reads.
  /// - Throws: ``CommandLineError`` `system` where somebody does and cannot get it: a full disk, a broken device.
  func write(_ text: String) throws(CommandLineError) -> Bool {
    var text = text
    let failure: Int32 = text.withUTF8 { bytes in unsafe self.failure(writing: bytes) }
    switch failure {
    case 0: return true
    // A closed pipe, a terminal that is gone: nobody is left to tell.
    case EPIPE: return false
    case EIO where isTerminal: return false
    default:
      throw CommandLineError(
        .system, doing: "write the result", reason: unsafe String(cString: strerror(failure)),
        advice: "make room where it goes, or send it elsewhere, and give the command again")
    }
  }

  /// The error that ended the writing; 0 where all is written.
  private func failure(writing bytes: UnsafeBufferPointer<UInt8>) -> Int32 {
    var done = 0
    while done < bytes.count {
      let count = unsafe Glibc.write(descriptor, bytes.baseAddress! + done, bytes.count - done)
      if count >= 0 {
        done += count
        continue
      }
      switch errno {
      case EINTR: continue
      case EAGAIN:
        // Whoever shares the terminal has set it not to wait.
        var wish = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        unsafe poll(&wish, 1, -1)
      default: return errno
      }
    }
    return 0
  }

  /// Writes what is not the result. Where it cannot be written, there is nobody who could be told.
  func say(_ text: String) { _ = try? write(text) }
}

/// A variable of the environment; nil where it is not set or empty.
func environment(_ name: String) -> String? {
  guard let value = unsafe getenv(name) else { return nil }
  let text = unsafe String(cString: value)
  return text.isEmpty ? nil : text
}
