internal import Glibc

/// Environment variables, without Foundation.
public enum Environment {
  /// The variables that programs started by tests see: no setting of the caller's shell reaches them.
  static let inherited: [String: String] = {
    var kept = [
      "PATH": "/usr/lib/postgresql/15/bin:/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin",
      "LC_ALL": "C.UTF-8", "TZ": "UTC", "HOME": "/nonexistent",
    ]
    if let folder = value(of: "TMPDIR") { kept["TMPDIR"] = folder }
    return kept
  }()

  /// A variable of the process that runs the tests, or nil.
  public static func value(of name: String) -> String? {
    guard let text = unsafe getenv(name) else { return nil }
    return unsafe String(cString: text)
  }
}

/// What `errno` says, in words.
func errorText(_ number: Int32) -> String {
  var text = [CChar](repeating: 0, count: 256)
  _ = unsafe strerror_r(number, &text, text.count)
  return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
}
