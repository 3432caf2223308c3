internal import Base
internal import Migration

/// One figure of a progress, as every display says it.
struct ProgressPiece {
  let text: String
  /// The higher, the sooner it is left out where room is short; 0 is the share that is done.
  let rank: Int
  var ink: Style.Ink? = nil
  var width: Int { columnCount(of: text) }

  /// What is known, in the order in which it is shown; empty while nothing is.
  static func all(of progress: Progress) -> [ProgressPiece] {
    var pieces: [ProgressPiece] = []
    func add(_ text: String, _ rank: Int, _ ink: Style.Ink? = nil) {
      pieces.append(ProgressPiece(text: text, rank: rank, ink: ink))
    }
    // Never 100 % before the end.
    if let fraction = progress.fraction { add("\(fraction >= 1 ? 100 : min(99, Int(fraction * 100))) %", 0) }
    if progress.rowsDone > 0 || progress.rowsTotal != nil {
      add(Human.count(progress.rowsDone) + (progress.rowsTotal.map { " of \(Human.count($0))" } ?? "") + " rows", 4)
    } else if progress.bytesDone > 0 {
      add(Human.bytes(progress.bytesDone) + (progress.bytesTotal.map { " of \(Human.bytes($0))" } ?? ""), 4)
    }
    if progress.rowsPerSecond >= 1 { add("\(Human.count(Int(progress.rowsPerSecond))) rows/s", 3) }
    if progress.bytesPerSecond >= 1 { add("\(Human.bytes(progress.bytesPerSecond))/s", 6) }
    if let remaining = progress.remaining { add("\(Human.duration(remaining)) left", 2) }
    if progress.retries > 0 { add(Human.count(progress.retries, "retry", "retries"), 5, .yellow) }
    if progress.rejects > 0 { add(Human.count(progress.rejects, "reject"), 1, .red) }
    return pieces
  }
}
