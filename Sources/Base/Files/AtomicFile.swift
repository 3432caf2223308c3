internal import Glibc

/// A file that appears under its name complete or not at all.
///
/// The bytes go to a hidden file in the same folder, made with 0600 and `O_EXCL`; ``commit(replacing:)`` syncs
/// it, renames it, and syncs the folder. Without a commit the hidden file is removed. Where the path is a
/// symbolic link, the link is replaced and not what it points to.
public struct AtomicFile: ~Copyable, Sendable {
  public let path: String
  private let temporary: String
  private let permissions: UInt32
  private let file: OpenFile
  private var committed = false

  /// - Parameter permissions: of the finished file, whatever the umask is.
  public init(_ path: String, permissions: UInt32 = 0o600) throws(FileError) {
    self.path = path
    let mark = String(UInt64.random(in: .min ... .max), radix: 36)
    temporary = Paths.join(Paths.folder(of: path), ".\(Paths.name(of: path)).\(mark).tmp")
    self.permissions = permissions
    file = try OpenFile(temporary, .createNew, permissions: 0o600, followingLinks: false)
  }

  deinit {
    // What cannot be removed is a hidden file without a reader; the error that led here is already on its way.
    if !committed { _ = unsafe unlink(temporary) }
  }

  public func write(_ bytes: Span<UInt8>) throws(FileError) {
    try file.write(bytes)
  }

  /// Gives the file to a user and a group.
  public func setOwner(_ owner: UInt32, group: UInt32) throws(FileError) {
    try file.setOwner(owner, group: group)
  }

  /// Makes the file appear.
  ///
  /// - Parameter replacing: false throws ``FileError/Code/exists`` where something stands at the path.
  public consuming func commit(replacing: Bool = true) throws(FileError) {
    try file.setPermissions(permissions)
    try file.sync()
    if replacing {
      if unsafe rename(temporary, path) != 0 {
        throw FileError(doing: "write file", path: path, systemError: errno)
      }
      committed = true
    } else if unsafe link(temporary, path) != 0 {
      // link(2) and not a look beforehand: between look and rename somebody else could put a file there. FAT has no
      // links, so that a look must do.
      guard errno == EPERM || errno == EOPNOTSUPP else {
        throw FileError(doing: "write file", path: path, systemError: errno)
      }
      try Files.requireAbsent(path)
      if unsafe rename(temporary, path) != 0 {
        throw FileError(doing: "write file", path: path, systemError: errno)
      }
      committed = true
    }
    try Files.syncFolder(Paths.folder(of: path))
  }
}

extension Files {
  /// - Throws: ``FileError/Code/exists`` where something stands at the path.
  public static func requireAbsent(_ path: String) throws(FileError) {
    if try exists(path) { throw FileError(doing: "write file", path: path, systemError: EEXIST) }
  }

  /// Writes a whole file so that it is complete and on the disk, or unchanged.
  ///
  /// - Parameters:
  ///   - permissions: of the new file, whatever the umask is.
  ///   - replacing: false throws ``FileError/Code/exists`` where something stands at the path.
  public static func write(
    _ bytes: Span<UInt8>, to path: String, permissions: UInt32 = 0o600, replacing: Bool = true
  ) throws(FileError) {
    let file = try AtomicFile(path, permissions: permissions)
    try file.write(bytes)
    try file.commit(replacing: replacing)
  }

  public static func write(
    _ bytes: [UInt8], to path: String, permissions: UInt32 = 0o600, replacing: Bool = true
  ) throws(FileError) {
    try write(bytes.span, to: path, permissions: permissions, replacing: replacing)
  }

  public static func write(
    _ text: String, to path: String, permissions: UInt32 = 0o600, replacing: Bool = true
  ) throws(FileError) {
    try write(Array(text.utf8).span, to: path, permissions: permissions, replacing: replacing)
  }

  /// Replaces the content of a file that must be there, as ``write(_:to:permissions:replacing:)`` does, and keeps
  /// its owner, group and permissions; through a symbolic link the file it points to is rewritten. Access control
  /// lists and extended attributes are not kept.
  public static func rewrite(_ path: String, with bytes: Span<UInt8>) throws(FileError) {
    guard let resolved = unsafe realpath(path, nil) else {
      throw FileError(doing: "write file", path: path, systemError: errno)
    }
    defer { unsafe free(resolved) }
    let target = unsafe String(cString: resolved)
    let status = try status(of: target)
    let file = try AtomicFile(target, permissions: status.permissions)
    try file.write(bytes)
    try file.setOwner(status.owner, group: status.group)
    try file.commit()
  }

  /// Copies a file so that the copy is complete and on the disk, or not there.
  ///
  /// - Parameter permissions: of the copy; nil takes those of the original.
  /// - Returns: how many bytes it has.
  @discardableResult
  public static func copy(
    _ source: String, to path: String, permissions: UInt32? = nil, replacing: Bool = false
  ) throws(FileError) -> Int64 {
    let original = try OpenFile(source, .read)
    let status = try original.status()
    guard status.kind == .file else {
      throw FileError(.other, doing: "copy file", path: source, reason: "not a plain file")
    }
    let copy = try AtomicFile(path, permissions: permissions ?? status.permissions & 0o777)
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    var total: Int64 = 0
    while true {
      let count = try original.read(into: &buffer)
      if count == 0 { break }
      try copy.write(buffer.span.extracting(0..<count))
      total += Int64(count)
    }
    try copy.commit(replacing: replacing)
    return total
  }

  /// Renames within one file system and syncs both folders.
  public static func move(_ source: String, to path: String) throws(FileError) {
    if unsafe rename(source, path) != 0 {
      throw FileError(doing: "move to \(path)", path: source, systemError: errno)
    }
    let (from, to) = (Paths.folder(of: source), Paths.folder(of: path))
    try syncFolder(to)
    if from != to { try syncFolder(from) }
  }
}
