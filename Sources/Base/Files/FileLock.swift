internal import CLinux
internal import Glibc

/// An exclusive lock on a whole file, held as long as this value lives.
///
/// It is an open-file-description lock (fcntl(2), `F_OFD_SETLK`): the kernel drops it when the process ends,
/// however it ends, two locks within one process exclude each other too, and closing another descriptor of the
/// file does not release it. Use a side file: the lock writes the process's number into it.
public struct FileLock: ~Copyable, Sendable {
  public let path: String
  private let file: OpenFile

  /// Takes the lock, or throws ``FileError/Code/locked`` where somebody else holds it. Does not wait.
  public static func acquire(_ path: String) throws(FileError) -> FileLock {
    if let lock = try attempt(path) { return lock }
    let holder = holder(path)
    throw FileError(
      .locked, doing: "lock file", path: path,
      reason: holder.map { "held by process \($0)" } ?? "held by another process",
      advice: holder.map { "Wait until it ends, or see what it is with `ps -fp \($0)`." }
        ?? "See who holds it with `fuser -v \(shellQuoted(path))`.")
  }

  /// Takes the lock, or returns nil where somebody else holds it. Does not wait.
  public static func attempt(_ path: String) throws(FileError) -> FileLock? {
    while true {
      let file = try OpenFile(path, .readWrite, followingLinks: false)
      guard try setLock(file) else { return nil }
      // Somebody may have removed the file between open and lock; a lock on a nameless file excludes nobody.
      let held = try file.status()
      guard let named = try status(path), named.device == held.device, named.inode == held.inode else {
        continue
      }
      // The number only makes messages better; a full disk must not keep anybody from the lock.
      try? file.truncate(to: 0)
      // Likewise.
      try? file.write(Array("\(getpid())\n".utf8).span)
      return FileLock(path: path, file: file)
    }
  }

  /// Whether somebody holds the lock right now, this process included. Changes nothing and keeps nobody from taking
  /// it meanwhile (fcntl(2), `F_OFD_GETLK`); a file that is not there is held by nobody.
  public static func isHeld(_ path: String) throws(FileError) -> Bool {
    guard try status(path) != nil else { return false }
    let file = try OpenFile(path, .read, followingLinks: false)
    var request = wholeFile(F_WRLCK)
    while unsafe clinux_get_ofd_lock(file.descriptor, &request) != 0 {
      if errno != EINTR { throw FileError(doing: "look at lock", path: path, systemError: errno) }
    }
    return request.l_type != Int16(F_UNLCK)
  }

  private static func wholeFile(_ type: Int32) -> flock {
    var request = flock()
    request.l_type = Int16(type)
    request.l_whence = Int16(SEEK_SET)
    return request
  }

  private init(path: String, file: consuming OpenFile) {
    self.path = path
    self.file = file
  }

  /// Unlocks by name: closing would leave the lock to a child that was forked and has not yet run its program,
  /// since the lock belongs to the open file that both share.
  deinit {
    var request = FileLock.wholeFile(F_UNLCK)
    _ = unsafe clinux_set_ofd_lock(file.descriptor, &request)
  }

  /// Gives the lock back at a place that the caller names; otherwise the end of the scope does.
  public consuming func release() {}

  private static func setLock(_ file: borrowing OpenFile) throws(FileError) -> Bool {
    var request = wholeFile(F_WRLCK)
    while unsafe clinux_set_ofd_lock(file.descriptor, &request) != 0 {
      switch errno {
      case EINTR: continue
      case EAGAIN, EACCES: return false
      default: throw FileError(doing: "lock file", path: file.path, systemError: errno)
      }
    }
    return true
  }

  private static func status(_ path: String) throws(FileError) -> FileStatus? {
    do {
      return try Files.status(of: path, followingLinks: false)
    } catch {
      if error.code == .notFound { return nil }
      throw error
    }
  }

  /// The number that the holder wrote; nil where it is not readable, since it only makes the message better.
  private static func holder(_ path: String) -> Int32? {
    // A number that cannot be read leaves the message without it.
    guard let text = try? Files.readText(path, limit: 32) else { return nil }
    return Int32(text.split(separator: "\n").first ?? "")
  }
}
