internal import Base
internal import Glibc
internal import Testing

/// A small file system in memory, to run out of space on; unmounted with the last reference.
///
/// Needs root. For PostgreSQL, make a tablespace on it:
///
///     let disk = try Tmpfs.mountedOrSkipped(kilobytes: 4096, .servers)
///     try server.execute("CREATE TABLESPACE small LOCATION '\(disk.path)'", in: "postgres")
public final class Tmpfs: Sendable {
  /// Where it is mounted.
  public let path: String
  private let folder: TestFolder
  private let keeping: Guardian.Keeping

  /// Mounts a file system of the given size.
  /// - Throws: ``SupportError`` with the code `unavailable` where this account may not mount.
  public init(kilobytes: Int, _ access: TestFolder.Access = .own) throws(SupportError) {
    folder = try TestFolder(.traversable)
    path = try folder.folder("disk")
    var options = "size=\(kilobytes)k,mode=0700"
    if case .servers = access, let account = Account.forServers {
      options += ",uid=\(account.user),gid=\(account.group)"
    }
    guard unsafe mount("tmpfs", path, "tmpfs", UInt(MS_NOSUID | MS_NODEV), options) == 0 else {
      throw SupportError(
        .unavailable, doing: "mount a tmpfs", reason: errorText(errno), advice: "run the tests as root")
    }
    keeping = Guardian.shared.keep(mount: path)
  }

  /// Like the initializer, but skips the test, saying so, where this account may not mount.
  public static func mountedOrSkipped(
    kilobytes: Int, _ access: TestFolder.Access = .own
  ) throws -> Tmpfs {
    do {
      return try Tmpfs(kilobytes: kilobytes, access)
    } catch {
      // Not `catch where`, on which the compiler (6.3.1) breaks off where the thrown type is known.
      guard error.code == .unavailable else { throw error }
      try skipLoudly(error.description)
    }
  }

  deinit {
    unsafe umount2(path, Int32(MNT_DETACH))
    keeping.drop()
  }

  /// The path of something on it.
  public static func / (disk: Tmpfs, name: String) -> String { "\(disk.path)/\(name)" }

  /// Writes the file `filler` until no more than so many bytes are free. Others may write meanwhile.
  public func fill(leaving bytes: Int) throws(SupportError) {
    do {
      try Files.write([UInt8](repeating: 7, count: max(0, free - bytes)), to: self / "filler")
    } catch {
      // What others wrote meanwhile is missing here; the disk is as full as it can be.
      guard free <= max(bytes, 1 << 16) else { throw error }
    }
  }

  /// The bytes that are free.
  public var free: Int {
    var space = statvfs()
    guard unsafe statvfs(path, &space) == 0 else { return 0 }
    return Int(space.f_bavail) * Int(space.f_frsize)
  }
}
