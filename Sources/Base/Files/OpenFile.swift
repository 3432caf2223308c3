internal import Glibc

/// A file descriptor that is closed when it goes out of scope.
///
/// Every call blocks, is repeated when a signal interrupts it, and throws the system's own words. Descriptors
/// are close-on-exec.
public struct OpenFile: ~Copyable, Sendable {
  public enum Access: Sendable {
    case read
    /// For reading and writing; makes the file where there is none.
    case readWrite
    /// For writing at the end, wherever that is by then; makes the file where there is none.
    case append
    /// For writing a file that must not exist yet.
    case createNew
    /// A folder, for syncing it.
    case folder
  }

  public let path: String
  private(set) var descriptor: Int32

  /// Opens a file.
  ///
  /// - Parameters:
  ///   - permissions: of a file that this call makes, before the process's umask.
  ///   - followingLinks: false refuses a symbolic link as the last part of the path.
  public init(
    _ path: String, _ access: Access, permissions: UInt32 = 0o600, followingLinks: Bool = true
  ) throws(FileError) {
    let flags =
      switch access {
      case .read: O_RDONLY
      case .readWrite: O_RDWR | O_CREAT
      case .append: O_WRONLY | O_CREAT | O_APPEND
      case .createNew: O_RDWR | O_CREAT | O_EXCL
      case .folder: O_RDONLY | O_DIRECTORY
      }
    self.path = path
    descriptor = unsafe open(path, flags | O_CLOEXEC | (followingLinks ? 0 : O_NOFOLLOW), permissions)
    while descriptor < 0, errno == EINTR {
      descriptor = unsafe open(path, flags | O_CLOEXEC | (followingLinks ? 0 : O_NOFOLLOW), permissions)
    }
    if descriptor < 0 { throw FileError(doing: "open file", path: path, systemError: errno) }
  }

  deinit {
    if descriptor >= 0 { _ = Glibc.close(descriptor) }
  }

  /// Closes and tells of an error that the file system kept until now.
  public consuming func close() throws(FileError) {
    let result = Glibc.close(descriptor)
    descriptor = -1
    // After EINTR the descriptor is closed on Linux (close(2)).
    if result != 0, errno != EINTR { throw FileError(doing: "close file", path: path, systemError: errno) }
  }

  /// Reads at most as many bytes as the buffer holds behind a place in it.
  ///
  /// - Returns: how many; 0 at the end of the file, or where there is no room.
  public func read(into buffer: inout [UInt8], at place: Int = 0) throws(FileError) -> Int {
    invariant(place >= 0 && place <= buffer.count, "read to byte \(place) of \(buffer.count)")
    var failure: FileError?
    var count = 0
    unsafe buffer.withUnsafeMutableBytes { bytes in
      do throws(FileError) {
        count = try unsafe read(into: UnsafeMutableRawBufferPointer(rebasing: bytes[place...]))
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return count
  }

  /// For memory that is not an array's, as that of secrets.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(FileError) -> Int {
    while true {
      let count = unsafe Glibc.read(descriptor, buffer.baseAddress, buffer.count)
      if count >= 0 { return count }
      if errno != EINTR { throw FileError(doing: "read file", path: path, systemError: errno) }
    }
  }

  /// Writes all bytes at the file's position (at the end for ``Access/append``).
  ///
  /// After an error an unknown part of them may stand in the file.
  public func write(_ bytes: Span<UInt8>) throws(FileError) {
    var written = 0
    while written < bytes.count {
      let count = unsafe bytes.withUnsafeBufferPointer {
        unsafe Glibc.write(descriptor, $0.baseAddress! + written, $0.count - written)
      }
      if count >= 0 {
        written += count
      } else if errno != EINTR {
        throw FileError(doing: "write file", path: path, systemError: errno)
      }
    }
  }

  /// Waits until the content and all metadata are on the disk (fsync(2)).
  public func sync() throws(FileError) {
    // A failed fsync is never repeated: the kernel marks the pages clean and the second call would lie.
    if fsync(descriptor) != 0 { throw FileError(doing: "sync file", path: path, systemError: errno) }
  }

  /// Waits until the content and its length are on the disk (fdatasync(2)).
  public func syncContent() throws(FileError) {
    if fdatasync(descriptor) != 0 { throw FileError(doing: "sync file", path: path, systemError: errno) }
  }

  /// Moves the position to a byte counted from the start.
  public func seek(to offset: Int64) throws(FileError) {
    if lseek(descriptor, off_t(offset), SEEK_SET) < 0 {
      throw FileError(doing: "seek in file", path: path, systemError: errno)
    }
  }

  /// Cuts the file off, or lengthens it with zeros.
  public func truncate(to size: Int64) throws(FileError) {
    while ftruncate(descriptor, off_t(size)) != 0 {
      if errno != EINTR { throw FileError(doing: "truncate file", path: path, systemError: errno) }
    }
  }

  /// Sets the permission bits, whatever the umask is.
  public func setPermissions(_ permissions: UInt32) throws(FileError) {
    if fchmod(descriptor, permissions) != 0 {
      throw FileError(doing: "set permissions", path: path, systemError: errno)
    }
  }

  /// Gives the file to a user and a group.
  public func setOwner(_ owner: UInt32, group: UInt32) throws(FileError) {
    if fchown(descriptor, owner, group) != 0 {
      throw FileError(doing: "set owner", path: path, systemError: errno)
    }
  }

  public func status() throws(FileError) -> FileStatus {
    var status = stat()
    if unsafe fstat(descriptor, &status) != 0 {
      throw FileError(doing: "look at file", path: path, systemError: errno)
    }
    return FileStatus(status)
  }
}
