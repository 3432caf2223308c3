internal import Base
package import Database

extension TransferStream {
  /// From so many ranges on, each further thousand has twice as many rows in a range: a ledger stays short.
  private static let manyRanges = 1_024

  /// Cuts what the source holds now into ranges of about so many rows, by walking the key's index.
  ///
  /// Keys are not spread evenly: those made of times crowd where the service was busy, and a single old record would
  /// leave half of equally wide ranges empty. Every stream has at least one range, so that an empty source is seen
  /// as done. The first is open downwards, so that nothing beneath the lowest key known is missed; the last ends at
  /// the highest.
  ///
  /// - Returns: also about how many rows there are; rows that share a key at a range's end are not counted twice.
  package func ranges(perRange: Int, on source: Connection) throws -> (ranges: [KeyRange], rows: Int) {
    guard let highest = try extreme(scan.highestKeyQuery, on: source) else {
      let none: Key = scan.keyKind == .integer ? .integer(.min) : .uuid(UniqueID(high: 0, low: 0))
      return ([KeyRange(above: nil, through: none)], 0)
    }
    var ranges: [KeyRange] = []
    var rows = 0
    var lower: Key?
    while true {
      let size = perRange << (ranges.count / TransferStream.manyRanges)
      guard let bound = try extreme(scan.key(after: size, above: lower), on: source), bound < highest else { break }
      ranges.append(KeyRange(above: lower, through: bound))
      rows += size
      lower = bound
    }
    let last = KeyRange(above: lower, through: highest)
    rows += Int(try source.integer(scan.countQuery(last)) ?? 0)
    return (ranges + [last], rows)
  }

  func extreme(_ query: SQL, on source: Connection) throws -> Key? {
    var key: Key?
    let kind: ColumnKind = scan.keyKind == .integer ? .integer : .uuid
    try source.rows(query, [kind]) { row in key = scan.key(of: row) }
    return key
  }
}
