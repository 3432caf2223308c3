internal import Base

/// The lab's made-up organisation: people who are hired, renamed, moved and let go, groups, and what their
/// properties are at the moment.
///
/// Nearly all is computed from the seed when it is asked for; stored is only what the history changes, a few
/// bytes for each person and property. Time is told in millionths of the history.
struct Organisation {
  static let whole = 1_000_000

  let seed: UInt64
  let people: Int
  let groups: Int
  /// Who leaves, in the order of leaving.
  let leavers: [Int]

  private var names: [UInt8]
  private var units: [UInt8]
  var states: [ValueState]

  init(people: Int, seed: UInt64) {
    self.seed = seed
    self.people = people
    groups = 5 + people / 10
    names = Array(repeating: 0, count: people)
    units = (0..<people).map { UInt8(truncatingIfNeeded: mixed(seed, $0, 2) % 80) }
    states = Array(repeating: ValueState(), count: people * Names.properties.count)
    leavers = (0..<people).compactMap { person in
      Organisation.leaving(person, people, seed).map { (time: $0, person: person) }
    }
    .sorted { ($0.time, $0.person) < ($1.time, $1.person) }.map(\.person)
  }

  // MARK: Coming and going

  /// When a person was hired; 0 for those who were there from the start.
  func hired(_ person: Int) -> Int { Organisation.hiring(person, people) }

  /// How many have been hired up to a time. People are numbered in the order of hiring.
  func hired(until time: Int) -> Int {
    let first = Organisation.founders(people)
    return max(1, first + (people - first) * time / Organisation.whole)
  }

  /// When a person leaves; nil for those who stay to the end.
  func left(_ person: Int) -> Int? { Organisation.leaving(person, people, seed) }

  func isDeleted(_ person: Int, at time: Int = Organisation.whole) -> Bool {
    left(person).map { $0 <= time } ?? false
  }

  private static func founders(_ people: Int) -> Int { people * 2 / 5 }

  private static func hiring(_ person: Int, _ people: Int) -> Int {
    let first = founders(people)
    return person < first ? 0 : whole * (person - first) / max(1, people - first)
  }

  private static func leaving(_ person: Int, _ people: Int, _ seed: UInt64) -> Int? {
    let luck = mixed(seed, person, 3)
    // Person 0 keeps the lights on, so that somebody always can be the initiator.
    if person == 0 || luck % 3 != 0 { return nil }
    let time = hiring(person, people) + 5000 + Int(luck >> 8 & 0xF_FFFF)
    return time < whole ? time : nil
  }

  /// Somebody employed at a time.
  func employee(at time: Int, _ dice: inout Dice) -> Int {
    let hired = hired(until: time)
    for _ in 0..<4 {
      let person = dice.below(hired)
      if !isDeleted(person, at: time) { return person }
    }
    return 0
  }

  /// Somebody employed who administers: one in thirty, and always person 0.
  func administrator(at time: Int, _ dice: inout Dice) -> Int {
    let person = dice.below((hired(until: time) + 29) / 30) * 30
    return isDeleted(person, at: time) ? 0 : person
  }

  // MARK: What they are called

  /// What a renaming or a move changes.
  typealias Naming = (name: UInt8, unit: UInt8)

  func naming(_ person: Int) -> Naming { (names[person], units[person]) }

  mutating func restore(_ naming: Naming, of person: Int) { (names[person], units[person]) = naming }

  /// A renaming: a double-barrelled family name, then another one.
  mutating func rename(_ person: Int) { names[person] &+= 1 }

  mutating func move(_ person: Int) { units[person] = (units[person] &+ 1 &+ UInt8(person % 7)) % 80 }

  /// The guid of an object; the numbers of people, groups and passing objects do not overlap.
  func guid(_ object: Int) -> UniqueID {
    UniqueID(
      high: mixed(seed, object, 5) & ~0xF000 | 0x4000,
      low: mixed(seed, object, 6) & ~(0b11 << 62) | (0b10 << 62))
  }

  func appendName(_ person: Int, to arena: inout [UInt8], escaped: Bool = false) {
    let luck = mixed(seed, person, 4)
    let script = Names.scripts[Names.scriptMix.values[Int(luck % UInt64(Names.scriptMix.values.count))]]
    let given = Int(luck >> 8 & 0xFFFF) % script.given.count
    let comma = escaped && luck >> 40 & 7 == 0
    if comma || script.familyFirst {
      appendFamily(person, script, luck, to: &arena)
      arena.append(text: comma ? "\\, " : " ")
      script.given.append(given, to: &arena)
    } else {
      script.given.append(given, to: &arena)
      arena.append(32)
      appendFamily(person, script, luck, to: &arena)
    }
  }

  private func appendFamily(_ person: Int, _ script: Names.Script, _ luck: UInt64, to arena: inout [UInt8]) {
    script.family.append(Int(luck >> 24 & 0xFFFF) % script.family.count, to: &arena)
    if names[person] > 0 {
      arena.append(UInt8(ascii: "-"))
      script.family.append((Int(luck >> 24 & 0xFFFF) + Int(names[person])) % script.family.count, to: &arena)
    }
  }

  /// `CN=Huber\, Anna 17,OU=Finance,OU=Vienna,DC=corp,DC=example`; the number keeps namesakes apart.
  func appendDN(_ person: Int, to arena: inout [UInt8]) {
    arena.append(text: "CN=")
    appendName(person, to: &arena, escaped: true)
    arena.append(32)
    arena.append(number: person)
    arena.append(text: ",OU=")
    Names.departments.append(Int(units[person]) % Names.departments.count, to: &arena)
    arena.append(text: ",OU=")
    Places.names.append(Int(units[person]) / Names.departments.count, to: &arena)
    arena.append(text: ",DC=corp,DC=example")
  }

  /// `CORP\ahuber17`, as initiators are written; people of other scripts than Latin have numbers alone.
  func appendAccount(_ person: Int, to arena: inout [UInt8]) {
    arena.append(text: "CORP\\")
    appendLogin(person, to: &arena)
  }

  func appendLogin(_ person: Int, to arena: inout [UInt8]) {
    let luck = mixed(seed, person, 4)
    let plain = Names.scriptMix.values[Int(luck % UInt64(Names.scriptMix.values.count))] == 0
    let start = arena.count
    if plain {
      let script = Names.scripts[0]
      script.given.append(Int(luck >> 8 & 0xFFFF) % script.given.count, to: &arena)
      arena.removeSubrange((start + 1)...)
      script.family.append(Int(luck >> 24 & 0xFFFF) % script.family.count, to: &arena)
      arena[start] |= 0x20
      arena[start + 1] |= 0x20
    } else {
      arena.append(UInt8(ascii: "u"))
    }
    arena.append(number: person)
  }

  func appendGroupDN(_ group: Int, to arena: inout [UInt8]) {
    arena.append(text: group % 9 == 4 ? "CN=📣 all-hands " : group % 13 == 6 ? "CN=مجموعة " : "CN=grp-")
    Names.departments.append(Int(mixed(seed, group, 7) % UInt64(Names.departments.count)), to: &arena)
    arena.append(UInt8(ascii: "-"))
    arena.append(number: group)
    arena.append(text: ",OU=Groups,DC=corp,DC=example")
  }
}
