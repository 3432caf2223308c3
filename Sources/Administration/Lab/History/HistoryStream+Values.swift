internal import Base

/// What the values of properties look like.
extension HistoryStream {
  private static let descriptions = Quantiles(logNormalMedian: 26, spread: 0.8, atMost: 600)
  private static let notes = Quantiles(logNormalMedian: 90, spread: 1.1, atMost: 6000)
  private static let photos = Quantiles(logNormalMedian: 1500, spread: 0.5, atMost: 8000)
  static let longLength = 1 << 16
  static let hugeLength = 1 << 20

  /// Writes the value that a state stands for; the same state always gives the same value.
  mutating func value(
    _ property: Int, of person: Int, _ state: ValueState, part: Int, _ event: inout HistoryEvent
  ) -> HistoryEvent.Piece {
    let luck = mixed(seed &+ UInt64(state.version), person, property << 8 | part)
    switch state.kind {
    case .plain: return plainValue(property, of: person, luck, &event)
    case .absent: return .absent
    case .empty:
      event.marks.append(.emptyValue)
      return event.piece(from: event.arena.count)
    case .manyScripts:
      event.marks.append(.manyScripts)
      return event.text { prose.appendWild(12 + Int(luck >> 32 & 127), luck: luck & 0xFFFF_FFFF, to: &$0) }
    case .long:
      event.marks.append(.longValue)
      return longValue(HistoryStream.longLength, luck, &event)
    case .huge:
      event.marks.append(.hugeValue)
      return longValue(HistoryStream.hugeLength, luck, &event)
    case .special:
      event.marks.append(.specialCharacters)
      return event.text { Prose.special.append(Int(luck % UInt64(Prose.special.count)), to: &$0) }
    }
  }

  private func longValue(_ length: Int, _ luck: UInt64, _ event: inout HistoryEvent) -> HistoryEvent.Piece {
    event.text { arena in
      if luck >> 63 == 0 {
        prose.appendPlain(length, luck: luck & 0xFFFF_FFFF, to: &arena)
      } else {
        prose.appendWild(length, luck: luck & 0xFFFF_FFFF, to: &arena)
      }
    }
  }

  private func plainValue(
    _ property: Int, of person: Int, _ luck: UInt64, _ event: inout HistoryEvent
  ) -> HistoryEvent.Piece {
    let start = event.arena.count
    let place = Int(luck >> 48) % Places.all.count
    switch property {
    case 0: Names.titles.append(Int(luck & 0xFFFF) % Names.titles.count, to: &event.arena)
    case 1: Names.departments.append(Int(luck & 0xFFFF) % Names.departments.count, to: &event.arena)
    case 2, 3, 19:
      Places.all[place].dialling.append(0, to: &event.arena)
      event.arena.append(32)
      event.arena.append(number: Int(luck % 10_000_000), width: 7)
    case 4:
      event.arena.append(UInt8(ascii: "A") + UInt8(luck >> 32 & 7))
      event.arena.append(number: Int(luck % 900) + 100)
    case 5:
      let manager = Int(luck >> 8 & 0xFFFF_FFFF) % organisation.people
      organisation.appendDN(manager, to: &event.arena)
    case 7:
      Names.streets.append(Int(luck & 0xFFFF) % Names.streets.count, to: &event.arena)
      event.arena.append(32)
      event.arena.append(number: Int(luck >> 20 & 127) + 1)
    case 8: Places.cities.append(place, to: &event.arena)
    case 9: event.arena.append(number: Int(luck % 100_000), width: 5)
    case 10:
      event.arena.append(text: luck & 1 == 0 ? "Example Corporation" : "Beispiel Gesellschaft m. b. H.")
    case 11:
      organisation.appendName(person, to: &event.arena)
      event.arena.append(text: " (")
      event.arena.append(number: Int(luck & 0xFF))
      event.arena.append(text: ")")
    case 13:
      event.arena.append(text: "\\\\fs0")
      event.arena.append(number: Int(luck & 7))
      event.arena.append(text: "\\home\\")
      organisation.appendLogin(person, to: &event.arena)
    case 14:
      event.arena.append(text: luck & 1 == 0 ? "smtp:" : "SMTP:")
      organisation.appendLogin(person, to: &event.arena)
      event.arena.append(text: ".")
      event.arena.append(number: Int(luck >> 8 & 0xFFF))
      event.arena.append(text: "@corp.example")
    case 16: event.arena.append(number: 131_000_000_000_000_000 + Int(luck >> 16))
    case 17: appendPhoto(HistoryStream.photos.values[Int(luck & 1023)], luck >> 10, to: &event.arena)
    case 18: event.arena.append(number: person * 1000 + Int(luck % 1000), width: 9)
    case 6:
      prose.appendPlain(HistoryStream.descriptions.values[Int(luck & 1023)], luck: luck >> 10, to: &event.arena)
    case 12:
      prose.appendPlain(HistoryStream.notes.values[Int(luck & 1023)], luck: luck >> 10, to: &event.arena)
    default: event.arena.append(contentsOf: hexadecimal(mixedBytes(luck)).utf8)
    }
    return event.piece(from: start)
  }

  private func mixedBytes(_ luck: UInt64) -> [UInt8] {
    (0..<(4 + Int(luck & 3))).map { UInt8(truncatingIfNeeded: luck >> (8 + 8 * UInt64($0))) }
  }

  /// A picture as clients log it: letters of Base64 from a repeating row, which no packing step may choke on.
  private func appendPhoto(_ length: Int, _ luck: UInt64, to arena: inout [UInt8]) {
    arena.append(text: "/9j/4AAQSkZJRgABAQAAAQABAAD/")
    prose.appendLetters(length, luck: luck & 0xFFFF_FFFF, to: &arena)
    arena.append(text: "==")
  }

  // MARK: Texts that are none

  /// Spoils what was written to the arena since a mark, as far as the engine can store it.
  func spoil(_ event: inout HistoryEvent, from start: Int, _ kind: Ugliness, _ luck: UInt64) {
    if kind == .nul, damage == .all {
      TextDamage.addNUL(&event.arena, from: start, variant: luck)
      event.marks.append(.nul)
    } else if kind == .invalidUTF8, damage >= .invalidUTF8 {
      TextDamage.spoil(&event.arena, from: start, variant: luck)
      event.marks.append(.invalidUTF8)
    }
  }

  /// Spoils one text of the request, each time in another column.
  mutating func spoil(_ event: inout HistoryEvent, _ hits: Hits) {
    if hits.isDisjoint(with: .spoilt) { return }
    for kind in [Ugliness.invalidUTF8, .nul] where hits.contains(Hits(kind)) {
      let luck = dice.next()
      turn += 1
      switch turn % 6 {
      case 0: event.objectDN = spoilt(event.objectDN, kind, luck, &event)
      case 1: event.initiator = spoilt(event.initiator, kind, luck, &event)
      case 2: event.reason = spoilt(event.reason, kind, luck, &event)
      case 3 where !event.sections.isEmpty:
        let old = event.sections[0]
        event.sections[0] = .init(
          kind: old.kind, name: old.name, outcome: old.outcome, message: spoilt(old.message, kind, luck, &event),
          key: old.key)
      case 4 where !event.tasks.isEmpty && event.tasks[0].kind == .approval:
        event.tasks[0].second = spoilt(event.tasks[0].second, kind, luck, &event)
      default:
        guard let last = event.changes.last else { continue }
        event.changes[event.changes.count - 1] = .init(
          name: last.name, old: last.old, new: spoilt(last.new, kind, luck, &event))
      }
    }
  }

  private func spoilt(
    _ piece: HistoryEvent.Piece, _ kind: Ugliness, _ luck: UInt64, _ event: inout HistoryEvent
  ) -> HistoryEvent.Piece {
    let start = event.arena.count
    if piece.isAbsent || piece.count > 4096 {
      event.arena.append(text: "Sonderfall")
    } else {
      event.arena.append(contentsOf: Array(event.arena[piece.range]))
    }
    spoil(&event, from: start, kind, luck)
    return event.piece(from: start)
  }
}
