internal import Base
internal import Glibc

func fileError(_ doing: String, _ path: String, _ number: Int32 = errno) -> CryptographyError {
  let reason = unsafe String(cString: strerror(number))
  let advice =
    switch number {
    case ENOSPC, EDQUOT: "free space on the file system of \(path), then run it again"
    case EACCES, EPERM: "give this user the rights to \(path)"
    case EEXIST: "move \(path) away or choose another name"
    default: nil as String?
    }
  return CryptographyError(.file, doing: "\(doing) \(path)", reason: reason, advice: advice)
}

/// A file that is read from start to end.
struct InputFile: ~Copyable {
  let path: String
  private let descriptor: Int32

  init(path: String) throws(CryptographyError) {
    let opened = unsafe open(path, O_RDONLY | O_CLOEXEC)
    if opened < 0 { throw fileError("read", path) }
    self.path = path
    descriptor = opened
  }

  deinit { close(descriptor) }

  /// The permission bits of the file.
  func mode() throws(CryptographyError) -> mode_t {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { throw fileError("read", path) }
    return status.st_mode & 0o7777
  }

  /// Replaces the buffer's content by the next bytes: as many as asked for, fewer only at the end of the file.
  func read(_ count: Int, into buffer: inout [UInt8]) throws(CryptographyError) {
    if buffer.count != count { buffer = [UInt8](repeating: 0, count: count) }
    var filled = 0
    while filled < count {
      let got = unsafe buffer.withUnsafeMutableBytes {
        unsafe Glibc.read(descriptor, $0.baseAddress! + filled, count - filled)
      }
      if got < 0 {
        if errno == EINTR { continue }
        throw fileError("read", path)
      }
      if got == 0 { break }
      filled += got
    }
    buffer.removeLast(count - filled)
  }
}

/// A file that appears under its name only when it is complete and on the disk; dropped otherwise.
///
/// Readable by its owner alone. Never replaces a file.
struct OutputFile: ~Copyable {
  private let path: String
  private let temporary: String
  private let descriptor: Int32
  private var kept: Bool

  init(path: String) throws(CryptographyError) {
    var status = stat()
    if unsafe lstat(path, &status) == 0 { throw fileError("write", path, EEXIST) }
    let name = "\(path).\(hexadecimal(randomBytes(6))).part"
    let opened = unsafe open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    if opened < 0 { throw fileError("write", name) }
    self.path = path
    temporary = name
    descriptor = opened
    kept = false
  }

  deinit {
    close(descriptor)
    if !kept { unsafe unlink(temporary) }
  }

  func write(_ bytes: Span<UInt8>) throws(CryptographyError) {
    var written = 0
    while written < bytes.count {
      let put = unsafe bytes.withUnsafeBytes {
        unsafe Glibc.write(descriptor, $0.baseAddress! + written, bytes.count - written)
      }
      if put < 0 {
        if errno == EINTR { continue }
        throw fileError("write", path)
      }
      written += put
    }
  }

  /// Puts the content on the disk, then the name, then the folder that holds the name.
  mutating func commit() throws(CryptographyError) {
    guard fsync(descriptor) == 0 else { throw fileError("write", path) }
    // A link does not replace what stands there by now, as a rename would; FAT has no links.
    if unsafe link(temporary, path) == 0 {
      unsafe unlink(temporary)
    } else if errno == EPERM || errno == EOPNOTSUPP {
      guard unsafe rename(temporary, path) == 0 else { throw fileError("write", path) }
    } else {
      throw fileError("write", path)
    }
    kept = true
    let folder = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    let parent = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard parent >= 0 else { throw fileError("write", folder) }
    defer { close(parent) }
    guard fsync(parent) == 0 else { throw fileError("write", folder) }
  }
}
