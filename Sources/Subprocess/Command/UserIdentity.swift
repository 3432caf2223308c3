internal import Base
internal import Glibc

/// A user and a group by their numbers.
public struct UserIdentity: Sendable, Hashable {
  public var uid: UInt32
  public var gid: UInt32

  public init(uid: UInt32, gid: UInt32) {
    self.uid = uid
    self.gid = gid
  }

  /// The user of this process, as the kernel judges its rights.
  public static var current: UserIdentity { UserIdentity(uid: geteuid(), gid: getegid()) }

  /// A user of the system by name (getpwnam_r(3)).
  ///
  /// - Throws: `notFound` when there is none.
  public static func named(_ name: String) throws(SubprocessError) -> UserIdentity {
    var record = unsafe passwd()
    var buffer = [CChar](repeating: 0, count: 1 << 14)
    var result: UnsafeMutablePointer<passwd>?
    let code = unsafe getpwnam_r(name, &record, &buffer, buffer.count, &result)
    guard code == 0, unsafe result != nil else {
      throw SubprocessError(.notFound, doing: "look up user \(name)", reason: "no such user")
    }
    return UserIdentity(uid: unsafe record.pw_uid, gid: unsafe record.pw_gid)
  }
}

extension Command {
  /// The path of the program and all arguments, with the change of user put before.
  ///
  /// posix_spawn(3) cannot change the user, so `setpriv` of util-linux does it and then becomes the program.
  func launchLine() throws(SubprocessError) -> (path: String, arguments: [String]) {
    let path = try Command.locate(program)
    guard let user, user != .current else { return (path, [program] + arguments) }
    guard geteuid() == 0 else {
      throw SubprocessError(
        .denied, doing: "run \(name) as user \(user.uid)", reason: "only root can change the user",
        advice: "start this program as root, or as the user with the number \(user.uid)")
    }
    let change = ["setpriv", "--reuid=\(user.uid)", "--regid=\(user.gid)", "--clear-groups", "--", path]
    return (try Command.locate("setpriv"), change + arguments)
  }

  /// The path of a program, looked up as execvp(3) does.
  static func locate(_ program: String) throws(SubprocessError) -> String {
    let doing = "run \(program)"
    if program.contains("/") {
      guard unsafe access(program, X_OK) == 0 else { throw .system(doing) }
      return program
    }
    let path = unsafe getenv("PATH").map { unsafe String(cString: $0) } ?? "/usr/local/bin:/usr/bin:/bin"
    for folder in path.split(separator: ":") {
      let candidate = "\(folder)/\(program)"
      if unsafe access(candidate, X_OK) == 0 { return candidate }
    }
    throw SubprocessError(
      .notFound, doing: doing, reason: "no such program in PATH", advice: "install \(program) or give its full path"
    )
  }

  /// The environment as `NAME=value`.
  func environmentLines() -> [String] {
    var variables = [String: String]()
    switch environment {
    case .exactly(let given): variables = given
    case .inherited(let added):
      var entry = unsafe environ
      while let line = unsafe entry.pointee {
        let parts = unsafe String(cString: line).split(
          separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        if parts.count == 2 { variables[String(parts[0])] = String(parts[1]) }
        unsafe entry += 1
      }
      variables.merge(added) { _, new in new }
    }
    return variables.map { "\($0)=\($1)" }.sorted()
  }
}
