internal import Glibc

/// What the file system says about a file (stat(2)).
public struct FileStatus: Sendable, Equatable {
  public enum Kind: Sendable {
    case file, folder, link, other
  }

  public let kind: Kind
  /// Bytes.
  public let size: Int64
  /// The twelve permission bits.
  public let permissions: UInt32
  public let owner: UInt32
  public let group: UInt32
  public let modified: Timestamp
  public let linkCount: Int
  /// Device and inode together name a file, whatever its paths.
  public let device: UInt64
  public let inode: UInt64

  init(_ status: stat) {
    kind =
      switch status.st_mode & S_IFMT {
      case S_IFREG: .file
      case S_IFDIR: .folder
      case S_IFLNK: .link
      default: .other
      }
    size = Int64(status.st_size)
    permissions = status.st_mode & 0o7777
    owner = status.st_uid
    group = status.st_gid
    modified = FileStatus.instant(status.st_mtim)
    linkCount = Int(status.st_nlink)
    device = UInt64(status.st_dev)
    inode = UInt64(status.st_ino)
  }

  /// Some file systems keep any second that fits 64 bits; what lies beyond a timestamp's range becomes its end.
  private static func instant(_ time: timespec) -> Timestamp {
    let (product, overflow) = Int64(time.tv_sec).multipliedReportingOverflow(by: 1_000_000)
    let (sum, overflowOfSum) = product.addingReportingOverflow(Int64(time.tv_nsec) / 1000)
    if overflow || overflowOfSum { return Timestamp(microseconds: time.tv_sec < 0 ? .min : .max) }
    return Timestamp(microseconds: sum)
  }
}

/// How much room a file system has.
public struct FileSystemSpace: Sendable, Equatable {
  public let total: Int64
  /// Bytes that an ordinary user may still write.
  public let free: Int64
}

extension Files {
  /// Looks at a path; throws ``FileError/Code/notFound`` where nothing is.
  public static func status(of path: String, followingLinks: Bool = true) throws(FileError) -> FileStatus {
    var status = stat()
    let result = unsafe followingLinks ? stat(path, &status) : lstat(path, &status)
    if result != 0 { throw FileError(doing: "look at file", path: path, systemError: errno) }
    return FileStatus(status)
  }

  /// Whether something stands at a path, a dangling link included. Throws where that cannot be told.
  public static func exists(_ path: String) throws(FileError) -> Bool {
    do {
      _ = try status(of: path, followingLinks: false)
      return true
    } catch {
      if error.code == .notFound { return false }
      throw error
    }
  }

  /// The room on the file system that holds a path (statvfs(3)).
  public static func space(at path: String) throws(FileError) -> FileSystemSpace {
    var status = statvfs()
    while unsafe statvfs(path, &status) != 0 {
      if errno != EINTR { throw FileError(doing: "look at file system", path: path, systemError: errno) }
    }
    func bytes(_ blocks: UInt) -> Int64 {
      // A file system in user space may tell any number.
      let (bytes, overflow) = blocks.multipliedReportingOverflow(by: status.f_frsize)
      return overflow ? .max : Int64(clamping: bytes)
    }
    return FileSystemSpace(total: bytes(status.f_blocks), free: bytes(status.f_bavail))
  }
}
