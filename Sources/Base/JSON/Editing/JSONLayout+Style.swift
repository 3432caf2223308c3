extension JSONLayout {
  /// How members are written near a node: after its siblings, or else after the first member of the document.
  ///
  /// - Parameter inline: on one line.
  func style(like node: JSONNode?, inline: Bool = false) -> JSONStyle {
    var style = JSONStyle()
    style.unit = unit
    style.lineBreak = lineBreak
    if inline { style.inlineSeparator = isCompact ? "" : " " }
    let model =
      node.flatMap { $0.record.key.isEmpty ? nil : $0.record } ?? storage.records.first { !$0.key.isEmpty }
    if let model {
      style.colon = colon(of: model)
      switch bytes[model.key.lowerBound] {
      case UInt8(ascii: "\""): style.keys = .double
      case UInt8(ascii: "'"): style.keys = .single
      default: style.keys = .bare
      }
    } else if storage.dialect == .json5 {
      style.keys = .bare
    }
    if let text = storage.records.first(where: { $0.kind == .string }) {
      style.quote = bytes[text.value.lowerBound]
    }
    return style
  }

  /// Whether the document has no white space between its tokens.
  private var isCompact: Bool {
    guard storage.records.count > 1 else { return false }
    return storage.records.allSatisfy { record in
      let beforeValue = record.key.isEmpty || record.value.lowerBound == record.key.upperBound + 1
      let behindComma = record.comma < 0 || !isSpace(at: record.comma + 1)
      return beforeValue && behindComma
    }
  }

  private func isSpace(at place: Int) -> Bool {
    place < bytes.count && [0x20, 0x09, 0x0A, 0x0D].contains(bytes[place])
  }

  private func colon(of record: JSONRecord) -> String {
    let text = String(decoding: bytes[record.key.upperBound..<record.value.lowerBound], as: UTF8.self)
    return text.utf8.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == UInt8(ascii: ":") } ? text : ": "
  }

  /// A value as it is written in the place of another.
  func text(of value: JSONValue, replacing node: JSONNode) -> [UInt8] {
    let isOneLine: (JSONNode) -> Bool = { $0.count > 0 && !isMultiline($0.record) }
    let inline = isOneLine(node) || node.parent.map(isOneLine) ?? false
    let model = node.children.first { !$0.record.key.isEmpty } ?? node
    var style = style(like: model, inline: inline)
    if node.kind == .string { style.quote = bytes[node.record.value.lowerBound] }
    var text = [UInt8]()
    style.write(value, indent: indent(at: node.record.start), to: &text)
    return text
  }

  /// An item as it is written on a line that is indented already.
  func text(of item: Item, style: JSONStyle, indent: String) -> [UInt8] {
    var text = [UInt8]()
    if let comment = item.comment {
      let lines = comment.split(omittingEmptySubsequences: false) { $0.isNewline }
      if style.inlineSeparator != nil {
        let safe = lines.joined(separator: " ").split(separator: "*/", omittingEmptySubsequences: false)
        text += "/* \(safe.joined(separator: "* /")) */ ".utf8
      } else {
        for line in lines {
          text += (line.isEmpty ? "//" : "// \(line)").utf8
          text += (lineBreak + indent).utf8
        }
      }
    }
    if let key = item.key {
      style.writeKey(key, to: &text)
      text += style.colon.utf8
    }
    style.write(item.value, indent: indent, to: &text)
    return text
  }
}
