internal import Glibc

/// A folder of its own below `$TMPDIR` or `/tmp`, removed with all in it when the last reference goes,
/// or by the ``Guardian`` when the test process dies.
public final class TestFolder: Sendable {
  /// Who may enter.
  public enum Access: Sendable {
    /// The account that runs the tests.
    case own
    /// Everybody may pass through and read what is readable: for files that a server under another account uses.
    case traversable
    /// The folder belongs to the account of the servers (``Account/forServers``).
    case servers
  }

  /// The absolute path, without a slash at the end; short enough for Unix sockets in it.
  public let path: String
  private let keeping: Guardian.Keeping

  public init(_ access: Access = .own) throws(SupportError) {
    var template = Array("\(Environment.value(of: "TMPDIR") ?? "/tmp")/locktender-XXXXXX".utf8CString)
    guard unsafe mkdtemp(&template) != nil else {
      throw .system(doing: "make a temporary folder", number: errno)
    }
    path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    keeping = Guardian.shared.keep(folder: path)
    switch access {
    case .own: break
    case .traversable: unsafe chmod(path, 0o755)
    case .servers: if let account = Account.forServers { unsafe chown(path, account.user, account.group) }
    }
  }

  deinit {
    removeTree(path)
    keeping.drop()
  }

  /// The path of something in the folder.
  public static func / (folder: TestFolder, name: String) -> String { "\(folder.path)/\(name)" }

  /// Makes a folder in the folder and gives its path.
  public func folder(_ name: String, mode: UInt32 = 0o700) throws(SupportError) -> String {
    let place = self / name
    guard unsafe mkdir(place, mode) == 0 else { throw .system(doing: "make a folder", number: errno) }
    return place
  }

  /// Writes a file and gives its path. The mode is set as given, whatever the umask.
  @discardableResult
  public func write(
    _ bytes: some Sequence<UInt8>, to name: String, mode: UInt32 = 0o644, owner: Account? = nil
  ) throws(SupportError) -> String {
    let place = self / name
    try Files.write(Array(bytes), to: place, mode: mode, owner: owner)
    return place
  }

  /// Writes a text file and gives its path.
  @discardableResult
  public func write(
    _ text: String, to name: String, mode: UInt32 = 0o644, owner: Account? = nil
  ) throws(SupportError) -> String {
    try write(text.utf8, to: name, mode: mode, owner: owner)
  }

  /// The bytes of a file in the folder.
  public func read(_ name: String) throws(SupportError) -> [UInt8] { try Files.read(self / name) }
}
