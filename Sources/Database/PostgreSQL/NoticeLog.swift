internal import CPostgres

/// Something that a server said without being asked, such as a warning.
public struct ServerNotice: Sendable, Hashable, CustomStringConvertible {
  /// `WARNING`.
  public let severity: String
  public let sqlState: String
  /// The primary message; nil where it came out of a function's RAISE, which may hold values of rows.
  public let message: String?

  public var description: String { "\(severity) \(sqlState)" + (message.map { ": \($0)" } ?? "") }
}

extension Connection {
  /// The last few things that the server said without being asked, oldest first. None but on PostgreSQL.
  public var recentNotices: [ServerNotice] { (session as? PostgresSession)?.notices.last ?? [] }
}

/// The last notices of a session: bounded, since a loop on the server can send millions.
final class NoticeLog {
  static let limit = 8
  /// Characters that are kept of a message.
  static let length = 500

  private(set) var last: [ServerNotice] = []

  fileprivate func add(_ notice: ServerNotice) {
    if last.count == NoticeLog.limit { last.removeFirst() }
    last.append(notice)
  }

  fileprivate func add(_ result: OpaquePointer) {
    func field(_ code: Int32) -> String? {
      unsafe PQresultErrorField(result, code).map { unsafe String(cString: $0) }
    }
    // What PL/pgSQL's RAISE says is the author's text.
    let isRaised = field(cpostgres_diag_function) == "exec_stmt_raise"
    add(
      ServerNotice(
        severity: field(cpostgres_diag_severity) ?? "NOTICE", sqlState: field(cpostgres_diag_sqlstate) ?? "",
        message: isRaised ? nil : field(cpostgres_diag_primary).map { String($0.prefix(NoticeLog.length)) }))
  }
}

/// libpq's documentation, "Notice Processing": called while a call of the session runs, on its thread; the result
/// belongs to libpq.
func receiveNotice(_ context: UnsafeMutableRawPointer?, _ result: OpaquePointer?) {
  guard let context = unsafe context, let result = unsafe result else { return }
  unsafe Unmanaged<NoticeLog>.fromOpaque(context).takeUnretainedValue().add(result)
}
