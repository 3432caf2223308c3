extension DatabaseError {
  /// The error of an SQLSTATE (PostgreSQL documentation, appendix A).
  ///
  /// - Parameters:
  ///   - message: the primary message, kept only for classes whose texts hold names but no values.
  ///   - object: the constraint, column or table that the server names.
  static func postgres(_ state: String, doing: String, message: String, object: String = "") -> DatabaseError {
    let (code, text, advice) = classify(state)
    let kept = ["08", "0A", "25", "28", "3D", "3F", "40", "42", "53", "55", "57", "58", "XX"]
    var reason = text
    if kept.contains(String(state.prefix(2))), !message.isEmpty {
      reason = text.isEmpty ? message : "\(text): \(message)"
    } else if !object.isEmpty {
      reason = "\(text): \(object)"
    }
    var error = DatabaseError(code, doing: doing, reason: reason, advice: advice)
    error.sqlState = state
    error.isTransient = isTransient(sqlState: state)
    return error
  }

  /// SQLSTATE classes 08, 40, 53, and 55P03 and 57P0x.
  static func isTransient(sqlState state: String) -> Bool {
    state.hasPrefix("08") || state.hasPrefix("40") || state.hasPrefix("53") || state == "55P03"
      || state.hasPrefix("57P0")
  }

  private static func classify(_ state: String) -> (Code, String, String?) {
    switch state {
    case "28P01":
      (
        .authentication, "the password is wrong",
        "Set the right password for this user, then test the connection again."
      )
    case "28000":
      (
        .authentication, "the server does not let this user in this way",
        "Check the user's name and the line for this host and database in the server's pg_hba.conf."
      )
    case "3D000":
      (.noSuchDatabase, "no such database", "Check the name after the last slash, or create it with `createdb`.")
    case "42501": (.permission, "permission is denied", "Grant the right to this user, or use one that has it.")
    case "25006": (.permission, "this session only reads", nil)
    case "57014": (.cancelled, "cancelled", nil)
    case "25P03", "57P05": (.connectionLost, "the server ended an idle session", nil)
    case "53100": (.diskFull, "the server has no space left", "Free space on the server, then resume.")
    case "53300":
      (.busy, "the server has no free connection", "Raise max_connections, or close other connections.")
    case "55P03": (.busy, "a lock was not given in time", "Find who holds it in pg_locks, or try again later.")
    case "57P03": (.unreachable, "the server is starting or stopping", "Try again in a moment.")
    case "22P02", "22P03", "22021", "42804", "22P05":
      (.mismatch, "a value does not fit its column", nil)
    case "XX001", "XX002": (.corrupt, "the server finds its data damaged", "Restore from a backup.")
    case "0A000": (.unsupported, "the server cannot do this", nil)
    default:
      switch String(state.prefix(2)) {
      case "08", "57": (.connectionLost, "the connection ended", "Check the server's log, then resume.")
      case "22": (.mismatch, "a value does not fit", nil)
      case "23": (.constraint, "a rule of the table refuses the row", nil)
      case "25": (.misuse, "the transaction does not allow this", nil)
      case "28": (.authentication, "the server refuses the login", nil)
      case "40": (.serialization, "the transaction must be repeated", nil)
      case "42", "3F": (.syntax, "the statement is refused", nil)
      case "53": (.busy, "the server lacks resources", nil)
      default: (.other, "the server gives SQLSTATE \(state)", nil)
      }
    }
  }
}
