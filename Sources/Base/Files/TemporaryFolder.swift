internal import Glibc

/// A folder of its own (0700) under the temporary directory, removed with its contents at the end.
public struct TemporaryFolder: ~Copyable, Sendable {
  public let path: String

  /// - Parameters:
  ///   - prefix: how its name begins.
  ///   - parent: where it is made; nil takes ``Files/temporaryDirectory``.
  public init(prefix: String = "locktender", in parent: String? = nil) throws(FileError) {
    let template = Paths.join(parent ?? Files.temporaryDirectory, "\(prefix).XXXXXX")
    var name = Array(template.utf8CString)
    let made = unsafe name.withUnsafeMutableBufferPointer { unsafe mkdtemp($0.baseAddress!) != nil }
    if !made { throw FileError(doing: "create folder", path: template, systemError: errno) }
    path = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit {
    // Loss is harmless: the system clears the temporary directory, and nothing in it is counted on.
    try? Files.removeFolderAndContents(path)
  }

  /// The path of a name inside.
  public func path(_ name: String) -> String { Paths.join(path, name) }
}

extension Files {
  /// `$TMPDIR` where it is an absolute path, else `/tmp`.
  public static var temporaryDirectory: String {
    guard let value = unsafe getenv("TMPDIR") else { return "/tmp" }
    let path = unsafe String(cString: value)
    return path.hasPrefix("/") ? path : "/tmp"
  }
}
