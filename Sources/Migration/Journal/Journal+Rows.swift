extension Journal {
  private static let rowsNote = "rows"

  /// Rows that the run has brought, as its last report counted them; nil before the first.
  func rowsBrought() throws -> Int? { try note(Journal.rowsNote).flatMap { Int($0) } }

  func setRowsBrought(_ rows: Int) throws { try note(Journal.rowsNote, String(rows)) }
}
