/// Paths are plain strings with `/`; these functions take them apart and put them together without touching
/// the file system.
public enum Paths {
  /// A name inside a folder; an absolute name stands for itself.
  public static func join(_ folder: String, _ name: String) -> String {
    if name.hasPrefix("/") || folder.isEmpty { return name }
    if name.isEmpty { return folder }
    return folder.hasSuffix("/") ? folder + name : folder + "/" + name
  }

  /// The folder that holds a path: `.` for a bare name, `/` for the root.
  public static func folder(of path: String) -> String {
    let trimmed = withoutTrailingSlashes(path)
    guard let slash = trimmed.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    let folder = withoutTrailingSlashes(String(trimmed[..<slash]))
    return folder.isEmpty ? "/" : folder
  }

  /// The last part of a path, `/` for the root.
  public static func name(of path: String) -> String {
    let trimmed = withoutTrailingSlashes(path)
    guard let slash = trimmed.utf8.lastIndex(of: UInt8(ascii: "/")) else { return trimmed }
    return trimmed == "/" ? trimmed : String(trimmed[trimmed.utf8.index(after: slash)...])
  }

  /// What follows the last dot of the name, empty where there is none; a leading dot does not count.
  public static func fileExtension(of path: String) -> String {
    let name = name(of: path)
    guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")), dot != name.startIndex else { return "" }
    return String(name[name.utf8.index(after: dot)...])
  }

  private static func withoutTrailingSlashes(_ path: String) -> String {
    var end = path.utf8.endIndex
    while end > path.startIndex {
      let before = path.utf8.index(before: end)
      guard path.utf8[before] == UInt8(ascii: "/"), before > path.startIndex else { break }
      end = before
    }
    return String(path[..<end])
  }
}
