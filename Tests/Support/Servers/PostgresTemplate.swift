/// A database cluster that `initdb` made once per test process; servers start on copies of it.
final class PostgresTemplate: Sendable {
  private let folder: TestFolder

  static func made() throws(SupportError) -> PostgresTemplate { try shared.get() }

  private static let shared = Result { () throws(SupportError) in try PostgresTemplate() }

  private init() throws(SupportError) {
    folder = try TestFolder(.servers)
    try Tool.check(
      "initdb",
      [
        "--pgdata=\(folder / "data")", "--username=\(PrivatePostgres.user)", "--auth=trust", "--encoding=UTF8",
        "--locale=C.UTF-8", "--no-sync", "--no-instructions",
      ], as: Account.forServers)
  }

  /// Copies the cluster; the copy does not exist before.
  func copy(to place: String) throws(SupportError) {
    try Tool.check("cp", ["-a", "--reflink=auto", folder / "data", place])
  }
}
