/// Where a record begins: the line, from 1, and, of several files, which one, from 1.
enum LogPlace {
  private static let fileShift: Int64 = 40

  static func of(file: Int64, line: Int64) -> Int64 { file << fileShift | line }

  static func text(_ place: Int64) -> String {
    let file = place >> fileShift
    let line = place & (1 << fileShift - 1)
    return file == 0 ? "line \(line)" : "file \(file), line \(line)"
  }
}
