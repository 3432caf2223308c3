internal import Base
internal import Database
internal import Transfer

/// Sections of 7.6 and 8.0 have keys of their own, by no order of their requests, and nothing in the history tells
/// them: they are found by what the source has in their place.
extension HistoryRemoval {
  private static let atOnce = 5_000

  /// Removes the sections that stand in a batch's outputs, with their originals.
  ///
  /// - Returns: how many sections there were.
  static func removeSections(
    like outputs: OutputRows, of importID: Int64, on connection: Connection
  ) throws -> Int {
    var requests: [Int64: [UniqueID]] = [:]
    outputs.withTable(0) { block in
      for index in 0..<block.count {
        guard let id = block[index].uuid(0), let ordinal = block[index].integer(1) else { continue }
        requests[ordinal, default: []].append(id)
      }
    }
    var removed = 0
    for (ordinal, ids) in requests {
      for start in stride(from: 0, to: ids.count, by: atOnce) {
        let part = Array(ids[start..<min(start + atOnce, ids.count)])
        try connection.execute(
          """
          DELETE FROM original_value WHERE import_id = \(importID) AND ordinal = \(ordinal)
            AND field LIKE \(HistoryChild.section.fields) AND row_id IN \(list: part)
          """)
        removed += try connection.execute(
          """
          DELETE FROM request_section WHERE import_id = \(importID) AND ordinal = \(ordinal)
            AND request_id IN \(list: part)
          """)
      }
    }
    return removed
  }

  /// What removes all sections of an import, those of requests in use as well: they are carried again.
  static func allSections(of importID: Int64) -> [SQL] {
    [
      "DELETE FROM original_value WHERE import_id = \(importID) AND field LIKE \(HistoryChild.section.fields)",
      "DELETE FROM request_section WHERE import_id = \(importID)",
    ]
  }
}
