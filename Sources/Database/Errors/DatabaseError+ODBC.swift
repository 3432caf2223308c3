extension DatabaseError {
  /// The error of a call's diagnostic records (ODBC reference, appendix A, "ODBC Error Codes"). States that the
  /// driver hands on from the server, and those that all programs share, are told as PostgreSQL's are.
  static func odbc(_ records: [ODBCDiagnostic], doing: String) -> DatabaseError {
    // Warnings come along with errors, and some drivers put them first.
    guard let record = records.first(where: { !$0.state.hasPrefix("01") }) ?? records.first else {
      return DatabaseError(.other, doing: doing, reason: "the ODBC driver gives no reason")
    }
    let state = record.state
    var error: DatabaseError
    if let (code, text, advice) = own(state, record.message) {
      // Texts about data hold values, and the general error may hold any text.
      let isKept = state != "HY000" && code != .mismatch && !record.message.isEmpty
      let message = isKept ? ": \(record.message)" : ""
      error = DatabaseError(code, doing: doing, reason: text + message, advice: advice)
      error.isTransient = isTransient(sqlState: state) || state == "HYT01"
    } else {
      let message = record.message.hasPrefix("ERROR: ") ? String(record.message.dropFirst(7)) : record.message
      error = DatabaseError.postgres(state, doing: doing, message: message)
    }
    error.sqlState = state
    return error
  }

  private static func own(_ state: String, _ message: String) -> (Code, String, String?)? {
    switch state {
    case "57014" where message.contains("statement timeout"), "HYT00":
      return (.timeout, "the statement takes longer than it may", nil)
    case "HYT01": return (.timeout, "the server does not answer", "Look into the server's log, then resume.")
    case "HY008", "S1008": return (.cancelled, "cancelled", nil)
    case "08001", "08003", "08007", "08S01", "HY117":
      return (.connectionLost, "the connection ended", "Look into the server's log, then resume.")
    case "HYC00", "IM001", "HY091", "HY092", "HY096", "HY106":
      return (.unsupported, "the ODBC driver cannot do this", "Try the newest version of the driver.")
    case "HY010", "24000", "HY009", "HY024", "HY090", "07009", "07002":
      return (.misuse, "a call that does not fit the connection's state", nil)
    case "07006", "22003", "22018", "22008", "22007", "22015", "22001", "22002":
      return (.mismatch, "a value does not fit the column or kind it is read as", nil)
    case "42S02", "42S22": return (.syntax, "the statement names something that does not exist", nil)
    case "3F000" where message.isEmpty: return (.syntax, "the schema does not exist", nil)
    case "HY001", "HY013", "HY014":
      return (.other, "the ODBC driver has no memory for this", nil)
    default:
      return state.hasPrefix("HY") || state.hasPrefix("IM") || state.hasPrefix("01")
        ? (.other, "the ODBC driver gives SQLSTATE \(state)", nil) : nil
    }
  }
}
