public import Glibc

/// The account that servers run under. PostgreSQL and pgbouncer refuse root.
public struct Account: Sendable {
  public let name: String
  public let user: uid_t
  public let group: gid_t

  /// The account to drop to, `postgres` or else `nobody`; nil where the tests do not run as root anyway.
  public static let forServers: Account? = {
    guard geteuid() == 0 else { return nil }
    return named("postgres") ?? named("nobody")
  }()

  /// The entry of the user database, or nil.
  public static func named(_ name: String) -> Account? {
    var entry = unsafe passwd()
    var found: UnsafeMutablePointer<passwd>?
    var text = [CChar](repeating: 0, count: 16384)
    let code = unsafe text.withUnsafeMutableBufferPointer { buffer in
      unsafe getpwnam_r(name, &entry, buffer.baseAddress!, buffer.count, &found)
    }
    guard code == 0, unsafe found != nil else { return nil }
    return unsafe Account(name: name, user: entry.pw_uid, group: entry.pw_gid)
  }
}
