extension JSONLayout {
  /// The edits that take a child away with its comma, and with its line where it has one of its own.
  func removal(of node: JSONNode, keepingComments: Bool) -> [JSONSplice] {
    guard let parent = node.parent else { return [] }
    let siblings = parent.children
    let record = node.record
    let isLast = record.place == siblings.count - 1
    let gap = gap(before: node, siblings: siblings, in: parent)
    let previous = record.place > 0 ? siblings[record.place - 1].record : nil

    var splices = [JSONSplice]()
    // The comma before the last child goes with it, unless the style is to have one behind the last.
    if isLast, record.comma < 0, let previous {
      splices.append(JSONSplice(previous.comma..<(previous.comma + 1), []))
    }

    let own: Range<Int>
    if let lead = lead(of: gap, start: record.start, keepingComments: keepingComments) {
      own = linesOfItsOwn(record, lead, keepingComments: keepingComments)
    } else if !isLast {
      let next = siblings[record.place + 1].record.start
      let isPlain = trivia(record.end..<next).allSatisfy { $0.kind == .space }
      own = record.start..<(isPlain ? next : record.end)
    } else {
      let isPlain = !gap.isEmpty && previous != nil && gap.allSatisfy { $0.kind == .space }
      own = (isPlain ? gap[0].range.lowerBound : record.start)..<record.end
    }
    if siblings.count == 1, let empty = emptied(parent, without: own) { return [JSONSplice(empty, [])] }
    splices.append(JSONSplice(own, []))
    return splices
  }

  private func linesOfItsOwn(
    _ record: JSONRecord, _ lead: (comments: Int, line: Int), keepingComments: Bool
  ) -> Range<Int> {
    let rest = restOfLine(after: record.end)
    if keepingComments, rest.comments > record.end { return lead.comments..<record.end }
    if let end = rest.end { return lead.line..<end }
    let spaces = bytes[rest.comments...].prefix { $0 == 0x20 || $0 == 0x09 }.count
    return lead.comments..<(rest.comments + spaces)
  }

  /// All between the brackets, where nothing but white space is left there.
  private func emptied(_ parent: JSONNode, without removed: Range<Int>) -> Range<Int>? {
    let inner = (parent.record.value.lowerBound + 1)..<(parent.record.value.upperBound - 1)
    let pieces = trivia(inner.lowerBound..<removed.lowerBound) + trivia(removed.upperBound..<inner.upperBound)
    return pieces.contains { $0.isComment } ? nil : inner
  }
}
