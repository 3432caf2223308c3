internal import Glibc

/// Whole files, without Foundation.
public enum Files {
  /// The bytes of a file.
  public static func read(_ path: String) throws(SupportError) -> [UInt8] {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .system(doing: "open \(path)", number: errno) }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    while true {
      let count = unsafe withUnsafeTemporaryAllocation(byteCount: 65536, alignment: 1) { buffer in
        let count = unsafe Glibc.read(descriptor, buffer.baseAddress, buffer.count)
        if count > 0 { unsafe bytes.append(contentsOf: buffer[..<count]) }
        return count
      }
      if count == 0 { return bytes }
      guard count > 0 || errno == EINTR else { throw .system(doing: "read \(path)", number: errno) }
    }
  }

  /// The text of a file, with U+FFFD for what is not UTF-8.
  public static func text(of path: String) throws(SupportError) -> String {
    String(decoding: try read(path), as: UTF8.self)
  }

  /// Writes a file anew. The mode is set as given, whatever the umask; the owner needs root.
  public static func write(
    _ bytes: [UInt8], to path: String, mode: UInt32 = 0o644, owner: Account? = nil
  ) throws(SupportError) {
    let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
    guard descriptor >= 0 else { throw .system(doing: "create \(path)", number: errno) }
    defer { close(descriptor) }
    fchmod(descriptor, mode)
    if let owner { fchown(descriptor, owner.user, owner.group) }
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw .system(doing: "write \(path)", number: errno) }
      rest.removeFirst(count)
    }
  }

  /// True where something of this name exists; a link that leads nowhere does not.
  public static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

  /// The names in a folder, sorted; empty where it cannot be read.
  public static func names(in path: String) -> [String] {
    guard let folder = unsafe opendir(path) else { return [] }
    defer { unsafe closedir(folder) }
    var names: [String] = []
    while let entry = unsafe readdir(folder) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { start in
        unsafe start.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
  }
}

/// Removes a folder and all in it, as far as it may; links are removed, not followed.
func removeTree(_ path: String) {
  if unsafe unlink(path) == 0 || errno == ENOENT { return }
  for name in Files.names(in: path) { removeTree("\(path)/\(name)") }
  unsafe rmdir(path)
}
