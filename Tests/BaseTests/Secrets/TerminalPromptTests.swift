import Base
import Glibc
import Testing

/// Asks on a thread of its own: a task would block one of the few threads that run the tests.
private final class Asking: @unchecked Sendable {
  // SAFETY: the answer is written by the thread and read after it was joined.
  private let terminal: String
  private let limit: Int
  private var thread = pthread_t()
  private var answer = Result<String, SecretError>.success("")

  init(terminal: String, limit: Int) {
    self.terminal = terminal
    self.limit = limit
  }

  func start() {
    let this = unsafe Unmanaged.passRetained(self).toOpaque()
    unsafe pthread_create(
      &thread, nil, { unsafe Unmanaged<Asking>.fromOpaque($0!).takeRetainedValue().run() }, this)
  }

  func result() -> Result<String, SecretError> {
    pthread_join(thread, nil)
    return answer
  }

  private func run() -> UnsafeMutableRawPointer? {
    do throws(SecretError) {
      let secret = try SecretBytes.ask("Password: ", limit: limit, terminal: terminal)
      answer = .success(secret.withBytes { String(decoding: array($0), as: UTF8.self) })
    } catch {
      answer = .failure(error)
    }
    return nil
  }
}

struct TerminalPromptTests {
  /// Types at a pseudo-terminal while another thread asks there.
  ///
  /// - Returns: what was typed as the asking side sees it, and all that the terminal showed.
  private func typing(_ keys: [UInt8], limit: Int = 100) throws -> (Result<String, SecretError>, String) {
    let terminal = unsafe open("/dev/ptmx", O_RDWR | O_NOCTTY)
    try #require(terminal >= 0)
    defer { close(terminal) }
    // What unlockpt(3) and ptsname(3) do; the Glibc module leaves them out.
    var number: Int32 = 0
    let unlock: UInt = 0x4004_5431
    let getNumber: UInt = 0x8004_5430
    unsafe try #require(ioctl(terminal, unlock, &number) == 0 && ioctl(terminal, getNumber, &number) == 0)
    let name = "/dev/pts/\(number)"
    // The terminal goes away when nobody has it open.
    let keeper = unsafe open(name, O_RDWR | O_NOCTTY)
    defer { close(keeper) }
    let asking = Asking(terminal: name, limit: limit)
    asking.start()
    var shown = read(terminal, until: "Password: ")
    unsafe write(terminal, keys, keys.count)
    let result = asking.result()
    shown += read(terminal, until: "\n")
    var state = termios()
    unsafe tcgetattr(keeper, &state)
    #expect(state.c_lflag & tcflag_t(ECHO) != 0, "the terminal shows what is typed again")
    #expect(state.c_lflag & tcflag_t(ISIG) != 0)
    return (result, shown)
  }

  private func read(_ terminal: Int32, until end: String) -> String {
    var text = ""
    var buffer = [UInt8](repeating: 0, count: 256)
    while !text.contains(end) {
      let count = unsafe Glibc.read(terminal, &buffer, buffer.count)
      if count <= 0 { break }
      text += String(decoding: buffer[..<count], as: UTF8.self).replacing("\r\n", with: "\n")
    }
    return text
  }

  @Test func `what is typed is read and not shown`() throws {
    let (result, shown) = try typing(Array("hunter2 ä\r".utf8))
    #expect(try result.get() == "hunter2 ä")
    #expect(shown == "Password: \n")
  }

  @Test func `backspace takes back a character, Ctrl-U all`() throws {
    let backspace: [UInt8] = [0x7F]
    let keys = Array("wrong".utf8) + [0x15] + Array("aä".utf8) + backspace + Array("bc".utf8) + backspace + [0x0D]
    #expect(try typing(keys).0.get() == "ab")
  }

  @Test func `giving up, typing nothing and typing too much are told apart`() throws {
    func code(_ keys: [UInt8]) throws -> SecretError.Code? {
      if case .failure(let error) = try typing(keys, limit: 4).0 { error.code } else { nil }
    }
    #expect(try code([0x61, 0x03]) == .cancelled)
    #expect(try code([0x04]) == .cancelled)
    #expect(try code([0x0D]) == .empty)
    #expect(try code(Array("12345\r".utf8)) == .tooLong)
    #expect(try code(Array("1234\r".utf8)) == nil)
  }

  @Test func `without a terminal the error says what to do instead`() throws {
    let folder = try TemporaryFolder()
    try Files.write("", to: folder.path("file"))
    for path in [folder.path("none"), folder.path("file")] {
      let error = try #require(throws: SecretError.self) { _ = try SecretBytes.ask("?", terminal: path) }
      #expect(error.code == .noTerminal)
      #expect(error.advice == "Give the secret in a file instead.")
    }
  }
}
