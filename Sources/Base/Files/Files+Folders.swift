internal import Glibc

extension Files {
  /// Makes a folder.
  ///
  /// - Parameter withParents: makes missing folders above it too, with the same permissions.
  /// - Returns: false where the folder was there already; its permissions are left alone then.
  @discardableResult
  public static func createFolder(
    _ path: String, permissions: UInt32 = 0o700, withParents: Bool = false
  ) throws(FileError) -> Bool {
    if unsafe mkdir(path, permissions) == 0 {
      try syncFolder(Paths.folder(of: path))
      return true
    }
    let failure = errno
    if failure == EEXIST, try status(of: path).kind == .folder { return false }
    let parent = Paths.folder(of: path)
    if failure == ENOENT, withParents, parent != path {
      try createFolder(parent, permissions: permissions, withParents: true)
      return try createFolder(path, permissions: permissions)
    }
    throw FileError(doing: "create folder", path: path, systemError: failure)
  }

  /// The names in a folder in the order of their bytes, without `.` and `..`.
  public static func list(_ folder: String) throws(FileError) -> [String] {
    guard let stream = unsafe opendir(folder) else {
      throw FileError(doing: "list folder", path: folder, systemError: errno)
    }
    defer { unsafe closedir(stream) }
    return unsafe try names(stream, path: folder).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// Removes a file or a link; throws ``FileError/Code/notFound`` where none is.
  public static func remove(_ path: String) throws(FileError) {
    if unsafe unlink(path) != 0 { throw FileError(doing: "remove file", path: path, systemError: errno) }
    try syncFolder(Paths.folder(of: path))
  }

  /// Removes an empty folder.
  public static func removeFolder(_ path: String) throws(FileError) {
    if unsafe rmdir(path) != 0 { throw FileError(doing: "remove folder", path: path, systemError: errno) }
    try syncFolder(Paths.folder(of: path))
  }

  /// Removes a folder with all that is in it. Links are removed, never followed, even where somebody puts one
  /// in place while this runs.
  public static func removeFolderAndContents(_ path: String) throws(FileError) {
    try removeContents(of: path, name: path, in: AT_FDCWD)
    try removeFolder(path)
  }

  /// Waits until the entries of a folder are on the disk.
  public static func syncFolder(_ path: String) throws(FileError) {
    let folder = try OpenFile(path, .folder)
    do {
      try folder.sync()
    } catch {
      // Some file systems (FUSE, network) cannot sync folders and say so; they have no stronger promise.
      if error.systemError != EINVAL { throw error }
    }
  }

  /// - Parameters:
  ///   - path: for messages.
  ///   - name: of the folder, relative to the descriptor.
  private static func removeContents(of path: String, name: String, in parent: Int32) throws(FileError) {
    let descriptor = unsafe openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError(doing: "remove folder", path: path, systemError: errno) }
    guard let stream = unsafe fdopendir(descriptor) else {
      let failure = errno
      close(descriptor)
      throw FileError(doing: "remove folder", path: path, systemError: failure)
    }
    defer { unsafe closedir(stream) }
    for name in unsafe try names(stream, path: path) {
      if unsafe unlinkat(descriptor, name, 0) == 0 { continue }
      let inner = Paths.join(path, name)
      guard errno == EISDIR || errno == EPERM else {
        throw FileError(doing: "remove file", path: inner, systemError: errno)
      }
      try removeContents(of: inner, name: name, in: descriptor)
      if unsafe unlinkat(descriptor, name, AT_REMOVEDIR) != 0 {
        throw FileError(doing: "remove folder", path: inner, systemError: errno)
      }
    }
  }

  private static func names(_ stream: OpaquePointer, path: String) throws(FileError) -> [String] {
    var names = [String]()
    while true {
      errno = 0
      guard let entry = unsafe readdir(stream) else {
        if errno != 0 { throw FileError(doing: "list folder", path: path, systemError: errno) }
        return names
      }
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
        unsafe $0.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(validatingCString: $0) }
      }
      guard let name else {
        throw FileError(
          .other, doing: "list folder", path: path, reason: "a name in it is not UTF-8",
          advice: "Rename it; `ls -b` shows such names.")
      }
      if name != ".", name != ".." { names.append(name) }
    }
  }
}
