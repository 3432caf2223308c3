public import Base
internal import Migration

/// Draws a run's progress as lines of text: no terminal, no clock of its own.
public struct ProgressRenderer: Sendable {
  /// Columns that a line may take; no line is longer.
  let width: Int
  let style: Style

  public init(width: Int, style: Style) {
    self.width = max(8, width)
    self.style = style
  }

  /// The lines to show now: none while no step is at work, else two.
  public func lines(for model: ProgressModel, at now: Timestamp) -> [String] {
    guard model.isActive else { return [] }
    return [headline(model, now), measureLine(model)]
  }

  private func headline(_ model: ProgressModel, _ now: Timestamp) -> String {
    var text = model.count > 0 ? "\(model.number)/\(model.count) \(printable(model.title))" : printable(model.title)
    if let current = model.progress?.current, !current.isEmpty { text += ": \(printable(current))" }
    var right = model.startedAt.map { Human.duration(max(0, now.seconds(since: $0))) } ?? ""
    if model.isStopping { right = "stopping at the batch's end  " + right }
    let room = width - columnCount(of: right) - 2
    guard room >= 10 else { return clipped(text, to: width, ellipsis: style.ellipsis) }
    return style.paint(padded(clipped(text, to: room, ellipsis: style.ellipsis), to: room), .bold) + "  " + right
  }

  private func measureLine(_ model: ProgressModel) -> String {
    guard let progress = model.progress else { return style.paint("working", .dim) }
    let fraction = progress.fraction
    var pieces = self.pieces(progress)
    let leastBar = fraction == nil ? 0 : 12
    // What matters least goes first until the rest fits.
    while pieces.reduce(0, { $0 + $1.width + 2 }) + leastBar > width, pieces.count > 1 {
      guard let least = pieces.indices.max(by: { pieces[$0].rank < pieces[$1].rank }) else { break }
      pieces.remove(at: least)
    }
    let used = pieces.reduce(0) { $0 + $1.width + 2 }
    let text = pieces.map { style.paint($0.text, $0.ink) }.joined(separator: "  ")
    guard let fraction, width - used >= 10 else {
      return pieces.count == 1 ? clipped(pieces[0].text, to: width, ellipsis: style.ellipsis) : text
    }
    return bar(fraction, min(40, width - used)) + "  " + text
  }

  private func pieces(_ progress: Progress) -> [ProgressPiece] {
    let pieces = ProgressPiece.all(of: progress)
    guard let first = pieces.first else { return [ProgressPiece(text: "working", rank: 0, ink: .dim)] }
    // The share that is done keeps its place while it grows.
    guard first.rank == 0 else { return pieces }
    return [ProgressPiece(text: leftPadded(first.text, to: 5), rank: 0)] + pieces.dropFirst()
  }

  private func bar(_ fraction: Double, _ width: Int) -> String {
    let cells = max(1, width - 2)
    let share = min(1, max(0, fraction)) * Double(cells)
    let full = Int(share)
    guard style.hasUnicode else {
      return "[" + String(repeating: "#", count: full) + String(repeating: ".", count: cells - full) + "]"
    }
    let eighths = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]
    let part = full < cells ? eighths[Int((share - Double(full)) * 8)] : ""
    let done = String(repeating: "█", count: full) + part
    let rest = String(repeating: "░", count: cells - full - (part.isEmpty ? 0 : 1))
    return " " + style.paint(done, .cyan) + style.paint(rest, .dim) + " "
  }
}

extension Style {
  func paint(_ text: String, _ ink: Ink?) -> String {
    guard let ink else { return text }
    return paint(text, ink)
  }
}
