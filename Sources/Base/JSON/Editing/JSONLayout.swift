/// Looks at how a document is laid out, so that edits look like it.
struct JSONLayout {
  struct Item {
    /// nil for an element.
    let key: String?
    let value: JSONValue
    let comment: String?
  }

  let storage: JSONStorage
  let lineBreak: String
  /// The white space of one level.
  let unit: String

  var bytes: [UInt8] { storage.bytes }

  init(_ storage: JSONStorage) {
    self.storage = storage
    let bytes = storage.bytes
    let isWindows = bytes.indices.contains { bytes[$0] == 0x0A && $0 > 0 && bytes[$0 - 1] == 0x0D }
    lineBreak = isWindows ? "\r\n" : "\n"
    unit = JSONLayout.unit(of: storage) ?? "  "
  }

  // MARK: Lines

  /// The white space at the start of the line on which a place stands.
  func indent(at place: Int) -> String { JSONLayout.indent(of: storage.bytes, at: place) }

  private static func indent(of bytes: [UInt8], at place: Int) -> String {
    var start = place
    while start > 0, bytes[start - 1] != 0x0A, bytes[start - 1] != 0x0D { start -= 1 }
    let space = bytes[start..<place].prefix { $0 == 0x20 || $0 == 0x09 }
    return String(decoding: space, as: UTF8.self)
  }

  /// What the first member on a line of its own is indented by more than the line of its container.
  private static func unit(of storage: JSONStorage) -> String? {
    for record in storage.records where record.parent >= 0 {
      let parent = storage.records[record.parent]
      let inner = indent(of: storage.bytes, at: record.start)
      let outer = indent(of: storage.bytes, at: parent.start)
      if inner.utf8.count > outer.utf8.count, inner.hasPrefix(outer),
        storage.bytes[parent.value.lowerBound..<record.start].contains(0x0A)
      {
        return String(inner.dropFirst(outer.count))
      }
    }
    return nil
  }

  /// Whether a container's text goes over several lines.
  func isMultiline(_ record: JSONRecord) -> Bool {
    bytes[record.value].contains { $0 == 0x0A || $0 == 0x0D }
  }

  /// Where the trivia before a child begins: behind the bracket, or behind the comma of the child before it.
  func gap(before child: JSONNode, siblings: [JSONNode], in parent: JSONNode) -> [JSONTrivia] {
    let place = child.record.place
    let start = place == 0 ? parent.record.value.lowerBound + 1 : siblings[place - 1].record.end
    return trivia(start..<child.record.start)
  }

  func trivia(_ range: Range<Int>) -> [JSONTrivia] {
    jsonTrivia(bytes, in: range, dialect: storage.dialect)
  }

  /// What follows on the same line behind a place, up to the next token.
  ///
  /// - Returns: where the comments end that belong to what stands before the place, and where the line ends;
  ///   nil for that where another token follows on the line.
  func restOfLine(after place: Int) -> (comments: Int, end: Int?) {
    var comments = place
    var at = place
    // The parser has been here before, so that no fault can come.
    while let piece = try? jsonTrivia(bytes, at: at, dialect: storage.dialect) {
      switch piece.kind {
      case .lineBreak: return (comments, piece.range.upperBound)
      case .lineComment: comments = piece.range.upperBound
      case .blockComment:
        if bytes[piece.range].contains(where: { $0 == 0x0A || $0 == 0x0D }) { return (comments, nil) }
        comments = piece.range.upperBound
      case .space: break
      }
      at = piece.range.upperBound
    }
    let isClosed = at < bytes.count && (bytes[at] == UInt8(ascii: "}") || bytes[at] == UInt8(ascii: "]"))
    // A comment between two members of one line more likely speaks of the second.
    return (isClosed ? comments : place, nil)
  }

  /// Where the comments begin that stand directly above a child, and the line on which they do.
  ///
  /// - Returns: nil where the child is not the first on its line.
  func lead(of gap: [JSONTrivia], start: Int, keepingComments: Bool = false) -> (comments: Int, line: Int)? {
    guard let firstBreak = gap.firstIndex(where: { $0.kind == .lineBreak }) else { return nil }
    var comments = start
    var breaks = 0
    for piece in gap[firstBreak...].reversed() {
      switch piece.kind {
      case .lineBreak: breaks += 1
      case .lineComment, .blockComment: if !keepingComments || breaks == 0 { comments = piece.range.lowerBound }
      case .space: continue
      }
      if breaks > 1 || (keepingComments && breaks > 0) { break }
      if piece.isComment { breaks = 0 }
    }
    let line = gap.last { $0.kind == .lineBreak && $0.range.upperBound <= comments }
    return (comments, line?.range.upperBound ?? comments)
  }
}
