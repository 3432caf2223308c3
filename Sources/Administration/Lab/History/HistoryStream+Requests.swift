internal import Base

/// Who asked for what, when, and how it went.
extension HistoryStream {
  /// The object that a request is about.
  enum Target {
    case person(Int)
    case group(Int)
    /// A computer or a contact that comes and goes, by its running number.
    case passing(Int)
  }

  mutating func fill(_ event: inout HistoryEvent, _ hits: inout Hits) {
    separate(&hits)
    let (slot, isLate) = slot(late: hits.contains(.lateCommit))
    if isLate { event.marks.append(.lateCommit) }
    event.key = requestKey
    event.place = slot.place
    event.submitted = hits.contains(.before1970) ? momentBefore1970(slot.place) : slot.moment
    if event.submitted.instant.microseconds < 0 { event.marks.append(.before1970) }
    if let oddity = calendar.zones[slot.place].oddity(of: event.submitted) { event.marks.append(oddity) }
    event.id = versionSeven(event.submitted.instant, Int(requestKey), 1)

    let target = chooseOperation(&event, hits)
    name(target, &event, hits)
    chooseInitiator(&event, hits)
    chooseState(&event, hits)
    addChanges(target, &event, hits)
    addTasks(target, &event, hits)
    addSections(&event, hits)
    complete(&event)
    addReason(&event)
    spoil(&event, hits)
  }

  /// One request cannot show everything: what would exclude each other is put off.
  private mutating func separate(_ hits: inout Hits) {
    let unfinished = hits.intersection(.unfinished)
    var off = Hits.none
    if !hits.isDisjoint(with: .values) { off.formUnion(unfinished) }
    if unfinished.contains(.unfinishedTemporalMembership) {
      off.formUnion(unfinished.intersection(.unfinishedDeprovisioning))
    }
    if hits.contains(.pendingRequest) { off.formUnion(hits.intersection(.unfinishedApproval)) }
    hits.subtract(off)
    postpone(off)
  }

  /// From the years before 1970, or the very start of 1970 as clocks west of Greenwich show it.
  private mutating func momentBefore1970(_ place: Int) -> Moment {
    let twelveYears = 12 * 1461 / 4 * 86_400
    let seconds = turn % 3 == 0 ? -1 : -1 - dice.below(twelveYears)
    turn += 1
    let micro = seconds * 1_000_000 + (dice.chance(percent: 50) ? 0 : dice.below(1_000_000))
    return calendar.zones[place].moment(Timestamp(microseconds: Int64(micro)))
  }

  // MARK: What

  private mutating func chooseOperation(_ event: inout HistoryEvent, _ hits: Hits) -> Target {
    if event.isMissing || hits.contains(.unfinishedTemporalMembership) {
      event.operation = .addMember
      return .group(dice.below(organisation.groups))
    }
    if hits.contains(.unfinishedDeprovisioning) {
      event.operation = .disable
      return .person(organisation.employee(at: time, &dice))
    }
    if !hits.isDisjoint(with: .values | .spoilt) {
      event.operation = .modify
      return .person(organisation.employee(at: time, &dice))
    }
    switch dice.below(1000) {
    case 0..<700:
      event.operation = .modify
      return modified()
    case 700..<780:
      event.operation = .addMember
      return .group(dice.below(organisation.groups))
    case 780..<830:
      event.operation = .removeMember
      return .group(dice.below(organisation.groups))
    case 830..<885:
      event.operation = .create
      return created()
    case 885..<915:
      return deleted(&event)
    case 915..<955: event.operation = .resetPassword
    case 955..<967: event.operation = .enable
    case 967..<980: event.operation = .disable
    case 980..<990: event.operation = .rename
    default: event.operation = .move
    }
    return .person(organisation.employee(at: time, &dice))
  }

  private mutating func modified() -> Target {
    switch dice.below(100) {
    case 0..<10: .group(dice.below(organisation.groups))
    case 10..<20 where !passing.isEmpty: .passing(dice.pick(passing))
    default: .person(organisation.employee(at: time, &dice))
    }
  }

  private mutating func created() -> Target {
    let hired = organisation.hired(until: time)
    // A short history cannot tell of every hiring; those long ago are left out.
    nextHire = max(nextHire, hired - 20)
    if nextHire < hired, dice.chance(percent: 60) {
      nextHire += 1
      return .person(nextHire - 1)
    }
    passingMade += 1
    if passing.count == 256 { passing.removeFirst(64) }
    passing.append(passingMade)
    return .passing(passingMade)
  }

  private mutating func deleted(_ event: inout HistoryEvent) -> Target {
    event.operation = .delete
    let leavers = organisation.leavers
    while nextLeaver + 20 < leavers.count, organisation.isDeleted(leavers[nextLeaver + 20], at: time) {
      nextLeaver += 1
    }
    if nextLeaver < leavers.count, organisation.isDeleted(leavers[nextLeaver], at: time) {
      nextLeaver += 1
      return .person(leavers[nextLeaver - 1])
    }
    if !passing.isEmpty { return .passing(passing.remove(at: dice.below(min(8, passing.count)))) }
    event.operation = .modify
    return .person(organisation.employee(at: time, &dice))
  }

  private mutating func name(_ target: Target, _ event: inout HistoryEvent, _ hits: Hits) {
    switch target {
    case .person(let person):
      event.objectClass = event.text("user")
      event.guid = organisation.guid(person)
      event.objectDN = event.text { organisation.appendDN(person, to: &$0) }
    case .group(let group):
      event.objectClass = event.text("group")
      event.guid = organisation.guid(1 << 32 + group)
      event.objectDN = event.text { organisation.appendGroupDN(group, to: &$0) }
    case .passing(let number):
      let isComputer = mixed(seed, number, 8) % 5 < 3
      event.objectClass = isComputer ? event.text("computer") : event.text("contact")
      // Contacts come from another directory, which has no guids.
      event.guid = isComputer ? organisation.guid(2 << 32 + number) : nil
      if event.guid == nil { event.marks.append(.missingGuid) }
      event.objectDN = event.text { arena in
        arena.append(text: isComputer ? "CN=PC-" : "CN=extern ")
        arena.append(number: number, width: 7)
        arena.append(text: isComputer ? ",OU=Computers,DC=corp,DC=example" : ",OU=Contacts,DC=corp,DC=example")
      }
    }
    if event.guid != nil, dice.below(64) == 0 {
      event.guidIsCapital = true
      event.marks.append(.capitalGuid)
    }
  }

  // MARK: Who

  private mutating func chooseInitiator(_ event: inout HistoryEvent, _ hits: Hits) {
    let place = event.place
    event.host = event.text { Places.all[place].hosts.append(dice.below(Places.all[place].hosts.count), to: &$0) }
    let service = Configuration.serviceAccounts
    event.accountUsed = event.text { service.append(dice.below(2), to: &$0) }
    if hits.contains(.unknownInitiator) {
      event.marks.append(.unknownInitiator)
      event.initiator = event.text { arena in
        arena.append(text: dice.chance(percent: 50) ? "OLDCORP\\jdoe" : "S-1-5-21-1004336348-1177238915-682003330-")
        arena.append(number: 500 + dice.below(9000))
      }
      return
    }
    switch dice.below(100) {
    case 0..<20: event.initiator = event.text { service.append(2 + dice.below(service.count - 2), to: &$0) }
    case 20..<75: initiate(organisation.administrator(at: time, &dice), &event)
    default: initiate(organisation.employee(at: time, &dice), &event)
    }
  }

  private func initiate(_ person: Int, _ event: inout HistoryEvent) {
    if organisation.isDeleted(person) { event.marks.append(.deletedInitiator) }
    event.initiator = event.text { organisation.appendAccount(person, to: &$0) }
  }

  // MARK: How it went

  private static let durations = Quantiles(logNormalMedian: 2_500_000, spread: 1.2, atMost: 600_000_000)
  private static let waits = Quantiles(logNormalMedian: 4 * 3600, spread: 1.5, atMost: 40 * 86_400)

  private mutating func chooseState(_ event: inout HistoryEvent, _ hits: Hits) {
    if hits.contains(.unfinishedApproval) {
      event.state = .awaitingApproval
    } else if hits.contains(.pendingRequest) {
      event.state = dice.pick([.pending, .awaitingApproval, .running])
    } else if event.isMissing || !hits.isDisjoint(with: .unfinished) {
      event.state = .completed
    } else {
      switch dice.below(1000) {
      case 0..<30: event.state = .failed
      case 30..<50: event.state = .rejected
      case 50..<65: event.state = .cancelled
      default: event.state = .completed
      }
    }
    if !event.state.isFinished { event.marks.append(.pendingRequest) }
  }

  private mutating func complete(_ event: inout HistoryEvent) {
    guard event.state.isFinished else { return }
    var taken = HistoryStream.durations.draw(&dice)
    if event.tasks.contains(where: { $0.kind == .approval }) {
      taken += HistoryStream.waits.draw(&dice) * 1_000_000
    }
    let start = event.submitted.instant
    let instant = min(Timestamp(microseconds: start.microseconds + Int64(taken)), end)
    event.completed = calendar.zones[event.place].moment(max(instant, start))
  }

  private mutating func addReason(_ event: inout HistoryEvent) {
    guard dice.chance(percent: 15) else { return }
    event.reasonIsLast = dice.chance(percent: 70)
    let luck = dice.next()
    let length = 8 + Int(luck >> 32 & 63)
    event.reason = event.text { arena in
      if luck >> 60 == 0 {
        prose.appendWild(length, luck: luck & 0xFFFF_FFFF, to: &arena)
      } else {
        prose.appendPlain(length, luck: luck & 0xFFFF_FFFF, to: &arena)
      }
    }
  }
}
