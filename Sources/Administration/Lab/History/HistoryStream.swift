internal import Base

/// The history as a stream of requests in the order of their keys. What it tells depends on the seed, the numbers
/// of people and requests, the end and the rates, and on nothing else; memory does not grow with its length.
struct HistoryStream {
  let total: Int
  let end: Timestamp
  let damage: TextDamage
  let seed: UInt64
  let prose: Prose
  var organisation: Organisation
  var calendar: HistoryCalendar
  var dice: Dice

  /// How often each ugliness has come so far.
  private var counts = [Int](repeating: 0, count: Ugliness.allCases.count)

  private var occurrences: [(kind: Ugliness, occurrence: Occurrence)]
  private var nextHit = 0
  private var postponed = Hits.none
  private var place = 0
  private var held: (slot: HistoryCalendar.Slot, isLate: Bool)?

  // What the other parts of the stream count and remember.
  var requestKey: Int64 = 0
  var sectionKey: Int64 = 0
  var taskKey: Int64 = 0
  var nextHire = 0
  var nextLeaver = 0
  var passing: [Int] = []
  var passingMade = 0
  var turn = 0

  init(_ options: LabOptions, zones: [ZoneTable]) {
    seed = options.seed
    // Missing requests come on top: the history shall have as many as were asked for.
    total = options.history + options.rates.hits(.missingRequest, among: options.history)
    end = options.end
    damage = options.damage
    prose = Prose(seed: seed)
    organisation = Organisation(people: options.people, seed: seed)
    calendar = HistoryCalendar(
      zones: zones, until: Int(options.end.microseconds).floorDivided(by: 86_400_000_000), total: total,
      rates: options.rates, seed: seed)
    dice = Dice(seed: seed, stream: 103)
    nextHire = organisation.hired(until: 0)
    occurrences = []
    for kind in Ugliness.allCases where kind.isDrawn {
      let hits = options.rates.hits(kind, among: options.history)
      occurrences.append((kind, Occurrence(hits: hits, total: total, seed: seed, stream: 200 + kind.rawValue)))
    }
    nextHit = occurrences.lazy.map(\.occurrence.next).min() ?? .max
  }

  /// How far the history has come, in millionths.
  var time: Int { total == 0 ? 0 : place * Organisation.whole / total }

  /// How often an ugliness has come so far.
  func count(of kind: Ugliness) -> Int { counts[kind.rawValue] }

  /// Fills the event with the next request; false at the end.
  mutating func next(_ event: inout HistoryEvent) -> Bool {
    guard place < total else { return false }
    var hits = hitsHere()
    requestKey += hits.contains(.keyGap) ? Int64(2 + dice.below(5000)) : 1
    if hits.contains(.duplicateNaturalKey), place > 0, !event.isMissing {
      postponed = hits.subtracting(.duplicateNaturalKey | .keyGap)
      repeatLast(&event)
      // The calendar counts slots: the one that the repetition does without is used up.
      _ = slot(late: false)
    } else {
      event.removeAll()
      if hits.contains(.missingRequest) {
        postponed = hits.subtracting(.missingRequest | .keyGap)
        hits.subtract(postponed)
        event.isMissing = true
        event.marks.append(.missingRequest)
      }
      fill(&event, &hits)
    }
    if hits.contains(.keyGap) { event.marks.append(.keyGap) }
    for mark in event.marks { counts[mark.rawValue] += 1 }
    place += 1
    return true
  }

  /// What is due at this place, with what earlier places had to leave.
  private mutating func hitsHere() -> Hits {
    var hits = postponed
    postponed = .none
    guard place == nextHit else { return hits }
    for index in occurrences.indices where occurrences[index].occurrence.hits(place) {
      hits.insert(Hits(occurrences[index].kind))
    }
    nextHit = occurrences.lazy.map(\.occurrence.next).min() ?? .max
    return hits
  }

  /// Puts off what this request cannot show; the next one will.
  mutating func postpone(_ hits: Hits) { postponed.formUnion(hits) }

  /// The next slot; or, for a late commit, the one after it, while the next waits.
  mutating func slot(late: Bool) -> (slot: HistoryCalendar.Slot, isLate: Bool) {
    if let held {
      self.held = nil
      return held
    }
    let slot = calendar.next()
    guard late, place + 1 < total else { return (slot, false) }
    let next = calendar.next()
    held = (slot, slot.moment.instant < next.moment.instant)
    return (next, false)
  }

  /// The same again under a new key: object, time, operation and initiator are equal.
  private mutating func repeatLast(_ event: inout HistoryEvent) {
    event.key = requestKey
    event.id = versionSeven(event.submitted.instant, Int(requestKey), 1)
    event.tasks.removeAll(keepingCapacity: true)
    for index in event.sections.indices {
      sectionKey += 1
      let old = event.sections[index]
      event.sections[index] = .init(
        kind: old.kind, name: old.name, outcome: old.outcome, message: old.message, key: sectionKey)
    }
    event.marks.removeAll { $0.isOfTasksOrOrder }
    event.marks.append(.duplicateNaturalKey)
  }

  /// A version 7 UUID (RFC 9562 section 5.7) of a time; those before 1970 count as zero.
  func versionSeven(_ instant: Timestamp, _ number: Int, _ stream: Int) -> UniqueID {
    let time = UInt64(max(0, instant.milliseconds))
    return UniqueID(
      high: time << 16 | 0x7000 | mixed(seed, number, stream * 2) & 0xFFF,
      low: 0b10 << 62 | mixed(seed, number, stream * 2 + 1) >> 2)
  }
}

extension Ugliness {
  /// Whether the stream draws it; the others come of the calendar, the organisation or other draws.
  fileprivate var isDrawn: Bool {
    usualRate != nil && self != .ambiguousHour && self != .nonexistentHour
  }

  fileprivate var isOfTasksOrOrder: Bool {
    switch self {
    case .unfinishedApproval, .unfinishedTemporalMembership, .unfinishedDeprovisioning, .overdueTask,
      .ambiguousDue, .unknownApprover, .keyGap, .lateCommit, .missingRequest, .newName:
      true
    default: false
    }
  }
}
