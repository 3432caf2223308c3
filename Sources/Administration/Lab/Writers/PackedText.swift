/// Writes the packed text of 7.5 to 8.0 (docs/lineage.md): items joined by LF, fields led by bars, with
/// backslash escapes, and `~` for what is absent.
struct PackedText {
  private(set) var bytes: [UInt8] = []

  mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

  /// Begins an item with its letter.
  mutating func item(_ letter: Unicode.Scalar) {
    if !bytes.isEmpty { bytes.append(UInt8(ascii: "\n")) }
    bytes.append(UInt8(ascii: letter))
  }

  /// Adds a field to the item that was begun.
  mutating func field(_ piece: HistoryEvent.Piece, of arena: [UInt8]) {
    bytes.append(UInt8(ascii: "|"))
    if piece.isAbsent {
      bytes.append(UInt8(ascii: "~"))
    } else {
      PackedText.escape(arena[piece.range], to: &bytes)
    }
  }

  /// A text as it stands in a field.
  static func escape(_ text: ArraySlice<UInt8>, to bytes: inout [UInt8]) {
    let span = text.span
    if span.count == 1, span[0] == UInt8(ascii: "~") {
      bytes.append(UInt8(ascii: "\\"))
      bytes.append(UInt8(ascii: "~"))
      return
    }
    var start = text.startIndex
    for index in 0..<span.count {
      let byte = span[index]
      guard byte == UInt8(ascii: "\\") || byte == UInt8(ascii: "|") || byte == UInt8(ascii: "\n") else { continue }
      bytes.append(contentsOf: text[start..<(text.startIndex + index)])
      bytes.append(UInt8(ascii: "\\"))
      bytes.append(byte == UInt8(ascii: "\n") ? UInt8(ascii: "n") : byte)
      start = text.startIndex + index + 1
    }
    bytes.append(contentsOf: text[start...])
  }
}

extension PackedText {
  /// The changes of a request, its sections where they belong into the text, and its reason.
  mutating func write(_ event: borrowing HistoryEvent, withSections: Bool) {
    removeAll()
    if !event.reasonIsLast { write(reason: event.reason, event.arena) }
    for change in event.changes {
      item("C")
      field(change.name, of: event.arena)
      field(change.old, of: event.arena)
      field(change.new, of: event.arena)
    }
    if withSections {
      for section in event.sections {
        item(section.kind == .workflow ? "W" : "P")
        field(section.name, of: event.arena)
        field(section.outcome, of: event.arena)
        field(section.message, of: event.arena)
      }
    }
    if event.reasonIsLast { write(reason: event.reason, event.arena) }
  }

  private mutating func write(reason: HistoryEvent.Piece, _ arena: [UInt8]) {
    if reason.isAbsent { return }
    item("R")
    field(reason, of: arena)
  }

  /// What a task has decided or is going to do.
  mutating func write(_ task: HistoryEvent.Task, of arena: [UInt8]) {
    removeAll()
    switch task.kind {
    case .approval:
      if task.first.isAbsent && task.second.isAbsent { return }
      item("D")
      field(task.first, of: arena)
      field(task.second, of: arena)
    case .temporalMembership:
      item("A")
      field(task.first, of: arena)
    case .deprovisioning:
      for action in task.actions {
        item("A")
        field(action, of: arena)
      }
    }
  }
}
