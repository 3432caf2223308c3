extension JSONLayout {
  /// The edits that put an item before the child at a place, or behind the last one.
  func insertion(of item: Item, at place: Int, in parent: JSONNode) -> [JSONSplice] {
    let siblings = parent.children
    if siblings.isEmpty { return [onlyItem(item, in: parent)] }
    if place < siblings.count { return [insertion(of: item, before: siblings[place], siblings, in: parent)] }
    return insertion(of: item, behind: siblings[place - 1], siblings, in: parent)
  }

  private func insertion(
    of item: Item, behind last: JSONNode, _ siblings: [JSONNode], in parent: JSONNode
  ) -> [JSONSplice] {
    let record = last.record
    let gap = gap(before: last, siblings: siblings, in: parent)
    let hasTrailingComma = record.comma >= 0
    let comma: [UInt8] = [UInt8(ascii: ",")]
    if lead(of: gap, start: record.start) == nil {
      let style = style(like: last, inline: true)
      var separator = Array((style.inlineSeparator ?? " ").utf8)
      if siblings.count > 1, gap.allSatisfy({ $0.kind == .space }) {
        separator = Array(bytes[siblings[siblings.count - 2].record.end..<record.start])
      }
      let text = separator + text(of: item, style: style, indent: indent(at: record.start))
      return [
        hasTrailingComma
          ? JSONSplice(record.end..<record.end, text + comma) : JSONSplice(record.end..<record.end, comma + text)
      ]
    }
    let indent = indent(at: record.start)
    let style = style(like: last)
    let line = Array((lineBreak + indent).utf8) + text(of: item, style: style, indent: indent)
    let end = restOfLine(after: record.end).comments
    if hasTrailingComma { return [JSONSplice(end..<end, line + comma)] }
    if end == record.end { return [JSONSplice(end..<end, comma + line)] }
    return [JSONSplice(record.end..<record.end, comma), JSONSplice(end..<end, line)]
  }

  private func insertion(
    of item: Item, before next: JSONNode, _ siblings: [JSONNode], in parent: JSONNode
  ) -> JSONSplice {
    let start = next.record.start
    let indent = indent(at: start)
    let gap = gap(before: next, siblings: siblings, in: parent)
    guard let lead = lead(of: gap, start: start) else {
      let style = style(like: next, inline: true)
      let text = text(of: item, style: style, indent: indent)
      return JSONSplice(start..<start, text + [UInt8(ascii: ",")] + (style.inlineSeparator ?? " ").utf8)
    }
    let text = text(of: item, style: style(like: next), indent: indent)
    return JSONSplice(
      lead.comments..<lead.comments, text + [UInt8(ascii: ",")] + Array((lineBreak + indent).utf8))
  }

  /// Puts the first item into a container that has none, behind its comments if it has some.
  private func onlyItem(_ item: Item, in parent: JSONNode) -> JSONSplice {
    let inner = (parent.record.value.lowerBound + 1)..<(parent.record.value.upperBound - 1)
    let pieces = trivia(inner)
    let isInline = parent.parent.map { !isMultiline($0.record) } ?? false
    if let last = pieces.last(where: \.isComment) {
      let end = last.range.upperBound
      if pieces.contains(where: { $0.kind == .lineBreak }) {
        let indent = indent(at: last.range.lowerBound)
        let text = text(of: item, style: style(like: nil), indent: indent)
        return JSONSplice(end..<end, Array((lineBreak + indent).utf8) + text)
      }
      let style = style(like: nil, inline: true)
      return JSONSplice(end..<end, [0x20] + text(of: item, style: style, indent: ""))
    }
    if isInline {
      return JSONSplice(inner, text(of: item, style: style(like: nil, inline: true), indent: ""))
    }
    let outer = indent(at: parent.record.start)
    let indent = outer + unit
    let text = text(of: item, style: style(like: nil), indent: indent)
    return JSONSplice(
      inner, Array((lineBreak + indent).utf8) + text + Array((lineBreak + outer).utf8))
  }
}
