internal import Glibc

extension Files {
  /// Whether this process may write to a file, or make files in a folder, as faccessat(2) answers for its effective
  /// user. A full disk is not asked about.
  ///
  /// - Throws: ``FileError`` where nothing is there or it cannot be asked.
  public static func mayWrite(_ path: String) throws(FileError) -> Bool {
    let isFolder = try status(of: path).kind == .folder
    if unsafe faccessat(AT_FDCWD, path, isFolder ? W_OK | X_OK : W_OK, AT_EACCESS) == 0 { return true }
    switch errno {
    case EACCES, EPERM, EROFS: return false
    default: throw FileError(doing: "ask for the right to write", path: path, systemError: errno)
    }
  }
}
