internal import Glibc

extension SecretBytes {
  /// Asks the person at the terminal, without showing what is typed. Blocks until Return is pressed.
  ///
  /// Backspace takes back a character and Ctrl-U all; Ctrl-C and Ctrl-D cancel. Ctrl-C comes as a character and
  /// not as a signal, so that the terminal is set right again before the process ends.
  ///
  /// - Parameters:
  ///   - limit: the most bytes it may have.
  ///   - terminal: the device; the process's own terminal where nothing else is said.
  public static func ask(
    _ prompt: String, limit: Int = 1024, terminal: String = "/dev/tty"
  ) throws(SecretError) -> SecretBytes {
    let device = unsafe open(terminal, O_RDWR | O_CLOEXEC | O_NOCTTY)
    guard device >= 0 else {
      throw SecretError(
        .noTerminal, doing: "ask for a secret", reason: "there is no terminal",
        advice: "Give the secret in a file instead.",
        cause: FileError(doing: "open terminal", path: terminal, systemError: errno))
    }
    defer { close(device) }
    var shown = termios()
    guard unsafe tcgetattr(device, &shown) == 0 else {
      throw SecretError(
        .noTerminal, doing: "ask for a secret", reason: "not a terminal",
        advice: "Give the secret in a file instead.")
    }
    var hidden = shown
    hidden.c_lflag &= ~tcflag_t(ECHO | ECHONL | ICANON | ISIG)
    unsafe tcsetattr(device, TCSAFLUSH, &hidden)
    defer { unsafe tcsetattr(device, TCSAFLUSH, &shown) }
    write(prompt, to: device)
    defer { write("\n", to: device) }
    return try readLine(from: device, limit: limit)
  }

  private static func readLine(from device: Int32, limit: Int) throws(SecretError) -> SecretBytes {
    let doing = "ask for a secret"
    var line = SecretBytes(zeros: limit)
    var used = 0
    while true {
      var byte: UInt8 = 0
      let got = unsafe Glibc.read(device, &byte, 1)
      if got < 0, errno == EINTR { continue }
      guard got == 1 else { throw SecretError(.cancelled, doing: doing, reason: "the terminal was closed") }
      switch byte {
      case 0x03, 0x04: throw SecretError(.cancelled, doing: doing, reason: "cancelled")
      case 0x0A, 0x0D:
        if used == 0 { throw SecretError(.empty, doing: doing, reason: "nothing was typed") }
        return line.prefix(used)
      case 0x15: used = 0
      case 0x08, 0x7F:
        // One character may be several bytes of UTF-8.
        while used > 0, line.withBytes({ $0[used - 1] & 0xC0 == 0x80 }) { used -= 1 }
        if used > 0 { used -= 1 }
      default:
        if used == limit { throw SecretError(.tooLong, doing: doing, reason: "longer than \(limit) bytes") }
        line.withMutableBytes { $0[used] = byte }
        used += 1
      }
    }
  }

  private static func write(_ text: String, to device: Int32) {
    let bytes = Array(text.utf8)
    // A prompt that cannot be shown does not keep anybody from typing.
    _ = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(device, $0.baseAddress, $0.count) }
  }
}
