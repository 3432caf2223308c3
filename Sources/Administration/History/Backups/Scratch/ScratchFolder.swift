internal import Base
internal import Glibc
internal import Synchronization

/// A folder (0700) for plain copies that are read soon and then removed.
///
/// It goes with the last reference, or with the process. A process that was killed leaves it behind: whoever makes
/// the next one removes those that no process holds any longer.
final class ScratchFolder: Sendable {
  let path: String
  private let lock: FileLock
  private let ending: ScratchEnd

  private static let prefix = "locktender-scratch."

  /// `$TMPDIR`, or where the system keeps what may be big.
  static var parent: String {
    let chosen = Files.temporaryDirectory
    return chosen == "/tmp" && (try? Files.exists("/var/tmp")) == true ? "/var/tmp" : chosen  // unreadable: /tmp
  }

  init() throws {
    ScratchFolder.removeLeftovers()
    let held = try ScratchFolder.hold(tries: 20)
    let path = held.path
    self.path = path
    lock = held.lock
    ending = ScratchEnd.atExit { ScratchFolder.remove(path) }
  }

  private struct Held: ~Copyable {
    let path: String
    let lock: FileLock
  }

  /// Makes a folder and locks it. Between the two it looks like a leftover, and whoever tidies up just then removes it:
  /// another one is made.
  private static func hold(tries: Int) throws -> Held {
    let path = try make()
    if let lock = try lock(path) { return Held(path: path, lock: lock) }
    guard tries > 1 else {
      throw AdministrationError(
        .unusable, doing: "make a scratch folder in \(parent)", reason: "each one was removed at once",
        advice: "name another folder as TMPDIR")
    }
    return try hold(tries: tries - 1)
  }

  private static func lock(_ path: String) throws -> FileLock? {
    do throws(FileError) {
      return try FileLock.attempt(path + "/lock")
    } catch {
      if error.code == .notFound { return nil }
      throw error
    }
  }

  private static func make() throws -> String {
    var name = Array(Paths.join(ScratchFolder.parent, ScratchFolder.prefix + "XXXXXX").utf8CString)
    let isMade = unsafe name.withUnsafeMutableBufferPointer { unsafe mkdtemp($0.baseAddress!) != nil }
    let path = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    guard isMade else {
      throw AdministrationError(
        .unusable, doing: "make a scratch folder in \(ScratchFolder.parent)",
        reason: unsafe String(cString: strerror(errno)), advice: "name another folder as TMPDIR")
    }
    return path
  }

  deinit {
    ScratchFolder.remove(path)
    ending.forget()
  }

  func path(_ name: String) -> String { Paths.join(path, name) }

  /// Hands the folder to another account; this process must be root.
  func give(to owner: UInt32, group: UInt32) throws {
    guard unsafe chown(path, owner, group) == 0 else {
      throw AdministrationError(
        .unusable, doing: "hand the scratch folder to the server's account",
        reason: unsafe String(cString: strerror(errno)))
    }
  }

  private static func remove(_ path: String) {
    // What cannot be removed now is removed by the next one.
    try? Files.removeFolderAndContents(path)
  }

  private static func removeLeftovers() {
    // Leftovers are removed for tidiness: a folder that cannot be looked at or locked is left to somebody else.
    for name in (try? Files.list(parent)) ?? [] where name.hasPrefix(prefix) {
      let folder = Paths.join(parent, name)
      // As above.
      guard let status = try? Files.status(of: folder, followingLinks: false), status.kind == .folder,
        status.owner == geteuid() || geteuid() == 0,
        // As above.
        (try? Files.exists(folder + "/lock")) == true,
        // As above: somebody else's.
        let lock = try? FileLock.attempt(folder + "/lock")
      else { continue }
      if !ScratchServer.isRunning(in: folder) { remove(folder) }
      _ = consume lock
    }
  }
}

/// Something to be done at the end of the process at the latest.
final class ScratchEnd: Sendable {
  private static let waiting = Mutex<[(id: Int, act: @Sendable () -> Void)]>([])
  private static let isRegistered: Bool = {
    atexit { ScratchEnd.runAll() } == 0
  }()
  private let id: Int

  /// The last that was registered is done first.
  static func atExit(_ act: @escaping @Sendable () -> Void) -> ScratchEnd {
    _ = isRegistered
    return waiting.withLock { waiting in
      let id = (waiting.last?.id ?? 0) + 1
      waiting.append((id, act))
      return ScratchEnd(id)
    }
  }

  private init(_ id: Int) { self.id = id }

  func forget() { ScratchEnd.waiting.withLock { $0.removeAll { $0.id == id } } }

  private static func runAll() {
    let acts = waiting.withLock { waiting in
      defer { waiting = [] }
      return waiting.map(\.act)
    }
    for act in acts.reversed() { act() }
  }
}
