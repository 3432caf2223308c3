internal import Base

/// Which properties a request changes.
extension HistoryStream {
  /// The properties by how often they change; the index is that of `Names.properties`.
  private static let mix = Quantiles(weights: [
    (0, 12), (1, 10), (2, 10), (3, 8), (4, 6), (5, 8), (6, 12), (7, 4), (8, 3), (9, 3), (10, 2), (11, 4), (12, 4),
    (13, 3), (14, 4), (15, 4), (16, 2), (17, 1), (18, 2), (19, 3),
  ])
  private static let counts = Quantiles(weights: [(1, 38), (2, 24), (3, 15), (4, 11), (5, 7), (6, 5)])

  /// Properties of free text, for values that are nothing in particular.
  private static let free = [6, 12, 15, 11]

  mutating func addChanges(_ target: Target, _ event: inout HistoryEvent, _ hits: Hits) {
    switch (event.operation, target) {
    case (.modify, .person(let person)): modify(person, &event, hits)
    case (.modify, .group), (.modify, .passing): modifyOther(&event)
    case (.create, .person(let person)): createPerson(person, &event)
    case (.create, _): createPassing(&event)
    case (.delete, _):
      change(&event, "distinguishedName", old: event.objectDN, new: .absent)
      change(&event, "isDeleted", old: .absent, new: event.text("TRUE"))
    case (.rename, .person(let person)), (.move, .person(let person)): giveNewName(to: person, &event)
    case (.addMember, _), (.removeMember, _): changeMembers(&event)
    case (.enable, _): change(&event, "userAccountControl", old: event.text("514"), new: event.text("512"))
    case (.disable, _): change(&event, "userAccountControl", old: event.text("512"), new: event.text("514"))
    case (.resetPassword, _):
      // Nothing is told of the password itself; some clients log that it must be changed.
      if dice.chance(percent: 60) {
        change(&event, "pwdLastSet", old: fileTime(&event), new: event.text(dice.chance(percent: 50) ? "0" : "-1"))
      }
    case (.rename, _), (.move, _): break
    }
  }

  private func change(
    _ event: inout HistoryEvent, _ name: StaticString, old: HistoryEvent.Piece, new: HistoryEvent.Piece
  ) {
    event.changes.append(.init(name: event.text(name), old: old, new: new))
  }

  /// A time as Active Directory writes it: tenths of microseconds since 1601.
  private mutating func fileTime(_ event: inout HistoryEvent) -> HistoryEvent.Piece {
    let number = 116_444_736_000_000_000 + Int(event.submitted.instant.microseconds) * 10 - dice.below(1 << 50)
    return event.text { $0.append(number: number) }
  }

  // MARK: People

  private mutating func modify(_ person: Int, _ event: inout HistoryEvent, _ hits: Hits) {
    var used: UInt32 = 0
    var count = HistoryStream.counts.draw(&dice)
    if !hits.isDisjoint(with: .values) {
      for (hit, kind) in HistoryStream.unusual where hits.contains(hit) {
        let property = HistoryStream.free[turn % 4]
        turn += 1
        if used & 1 << UInt32(property) != 0 {
          postpone(hit)
          continue
        }
        used |= 1 << UInt32(property)
        count -= 1
        modify(property, of: person, to: kind, &event)
      }
    }
    while count > 0 {
      count -= 1
      let property = HistoryStream.mix.draw(&dice)
      if used & 1 << UInt32(property) != 0 { continue }
      used |= 1 << UInt32(property)
      modify(property, of: person, to: dice.below(24) == 0 ? .absent : .plain, &event)
    }
  }

  private static let unusual: [(Hits, ValueState.Kind)] = [
    (.manyScripts, .manyScripts), (.longValue, .long), (.hugeValue, .huge), (.emptyValue, .empty),
    (.specialCharacters, .special),
  ]

  /// Gives a property its next value. A property with several values gets an item for each that changes.
  mutating func modify(
    _ property: Int, of person: Int, to kind: ValueState.Kind, _ event: inout HistoryEvent
  ) {
    let index = person * Names.properties.count + property
    let old = organisation.states[index]
    let new = old.next(kind)
    organisation.states[index] = new
    let values = HistoryStream.isMultiple(property) && kind == .plain ? dice.within(1...3) : 1
    for part in 0..<values {
      let name = event.text { Names.properties.append(property, to: &$0) }
      // Of several values, some are only added and some only removed.
      let side = part == 0 ? 3 : dice.below(4)
      let before = side == 1 ? .absent : value(property, of: person, old, part: part, &event)
      let after = side == 2 ? .absent : value(property, of: person, new, part: part, &event)
      event.changes.append(.init(name: name, old: before, new: after))
    }
  }

  static func isMultiple(_ property: Int) -> Bool { property == 14 || property == 19 }

  private mutating func createPerson(_ person: Int, _ event: inout HistoryEvent) {
    for property in 0..<Names.properties.count where property < 6 || dice.chance(percent: 30) {
      let state = organisation.states[person * Names.properties.count + property]
      let name = event.text { Names.properties.append(property, to: &$0) }
      event.changes.append(
        .init(name: name, old: .absent, new: value(property, of: person, state, part: 0, &event)))
    }
  }

  /// Renames or moves a person, and takes it back where the request did not succeed.
  private mutating func giveNewName(to person: Int, _ event: inout HistoryEvent) {
    let before = organisation.naming(person)
    if event.operation == .rename {
      let old = event.text { organisation.appendName(person, to: &$0) }
      organisation.rename(person)
      let new = event.text { organisation.appendName(person, to: &$0) }
      change(&event, "displayName", old: old, new: new)
    } else {
      organisation.move(person)
    }
    let newDN = event.text { organisation.appendDN(person, to: &$0) }
    change(&event, "distinguishedName", old: event.objectDN, new: newDN)
    if event.state == .completed {
      event.marks.append(.newName)
    } else {
      organisation.restore(before, of: person)
    }
  }

  // MARK: Groups, computers, contacts

  private mutating func modifyOther(_ event: inout HistoryEvent) {
    let luck = dice.next()
    switch luck % 3 {
    case 0:
      let person = organisation.employee(at: time, &dice)
      let manager = event.text { organisation.appendDN(person, to: &$0) }
      change(&event, "managedBy", old: luck >> 32 & 1 == 0 ? .absent : manager, new: manager)
    case 1:
      change(
        &event, "operatingSystemVersion", old: event.text("10.0 (19045)"), new: event.text("10.0 (22631)"))
    default:
      let old = event.text { prose.appendPlain(12 + Int(luck >> 40 & 31), luck: luck >> 8 & 0xFFFF, to: &$0) }
      let new = event.text { prose.appendPlain(12 + Int(luck >> 48 & 31), luck: luck >> 24 & 0xFFFF, to: &$0) }
      change(&event, "description", old: old, new: new)
    }
  }

  private mutating func createPassing(_ event: inout HistoryEvent) {
    let dn = event.objectDN
    change(&event, "distinguishedName", old: .absent, new: dn)
    let luck = dice.next()
    let text = event.text { prose.appendPlain(12 + Int(luck >> 40 & 31), luck: luck >> 8 & 0xFFFF, to: &$0) }
    change(&event, "description", old: .absent, new: text)
  }

  private mutating func changeMembers(_ event: inout HistoryEvent) {
    for _ in 0..<(dice.chance(percent: 80) ? 1 : dice.within(2...5)) {
      let person = organisation.employee(at: time, &dice)
      let member = event.text { organisation.appendDN(person, to: &$0) }
      let adds = event.operation == .addMember
      change(&event, "member", old: adds ? .absent : member, new: adds ? member : .absent)
    }
  }
}
