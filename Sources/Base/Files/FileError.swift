internal import Glibc

/// What went wrong with a file, a folder or a lock; names the path and the system's own words.
public struct FileError: LayeredError {
  public enum Code: Sendable {
    /// Nothing stands at the path.
    case notFound
    /// Permissions or ownership forbid it.
    case denied
    /// The file system or the quota is full.
    case noSpace
    /// Something stands at the path already.
    case exists
    /// The file system is mounted read-only.
    case readOnly
    /// The file is larger than the caller allows.
    case tooLarge
    /// Another open file holds the lock.
    case locked
    case other
  }

  public let code: Code
  public let doing: String
  public let path: String
  public let reason: String
  public let advice: String?
  /// The errno behind it, 0 where the system call itself did not fail.
  public let systemError: Int32

  public var cause: (any Error)? { nil }

  public init(
    _ code: Code, doing: String, path: String, reason: String, advice: String? = nil, systemError: Int32 = 0
  ) {
    self.code = code
    self.doing = doing
    self.path = path
    self.reason = "\(path): \(reason)"
    self.advice = advice
    self.systemError = systemError
  }

  /// The error of a system call that has just failed.
  init(doing: String, path: String, systemError: Int32) {
    let code = FileError.code(systemError: systemError)
    self.init(
      code, doing: doing, path: path, reason: systemErrorText(systemError),
      advice: FileError.advice(for: code, path: path), systemError: systemError)
  }

  private static func code(systemError: Int32) -> Code {
    switch systemError {
    case ENOENT, ENOTDIR: .notFound
    case EACCES, EPERM: .denied
    case ENOSPC, EDQUOT: .noSpace
    case EEXIST, ENOTEMPTY: .exists
    case EROFS: .readOnly
    case EFBIG: .tooLarge
    default: .other
    }
  }

  private static func advice(for code: Code, path: String) -> String? {
    switch code {
    case .notFound: "Check the path; `ls -ld \(shellQuoted(Paths.folder(of: path)))` shows what is there."
    case .denied: "Check owner and permissions with `namei -l \(shellQuoted(path))`."
    case .noSpace: "Free some space; `df -h \(shellQuoted(Paths.folder(of: path)))` shows how much is left."
    case .exists: "Choose another name, or remove what stands there if it is no longer needed."
    case .readOnly: "Choose a path on a file system that is mounted for writing."
    default: nil
    }
  }
}

/// The system's words for an errno, without the number.
func systemErrorText(_ code: Int32) -> String {
  // strerror keeps its text per thread since glibc 2.32, and the text is copied at once.
  unsafe String(cString: strerror(code))
}

/// A text as one word for a POSIX shell, quoted only where it must be.
func shellQuoted(_ text: String) -> String {
  let plain = text.utf8.allSatisfy { byte in
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: "-"),
      UInt8(ascii: "_"):
      true
    default: false
    }
  }
  if plain, !text.isEmpty { return text }
  var quoted = "'"
  for character in text { quoted += character == "'" ? #"'\''"# : String(character) }
  return quoted + "'"
}
