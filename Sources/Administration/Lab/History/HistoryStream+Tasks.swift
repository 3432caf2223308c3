internal import Base

/// The tasks that grow out of requests.
extension HistoryStream {
  private typealias Task = HistoryEvent.Task

  private static let day: Int64 = 86_400_000_000

  mutating func addTasks(_ target: Target, _ event: inout HistoryEvent, _ hits: Hits) {
    let completed = event.state == .completed
    if hits.contains(.unfinishedApproval) {
      if dice.chance(percent: 30) { addApproval(&event, decided: true) }
      addApproval(&event, decided: false)
    } else if event.state == .rejected || event.isMissing || event.state.isFinished && dice.chance(percent: 5) {
      for _ in 0..<(dice.chance(percent: 80) ? 1 : 2) { addApproval(&event, decided: true) }
    }
    if hits.contains(.unfinishedTemporalMembership) {
      addMembership(&event, unfinished: true)
    } else if event.operation == .addMember, completed, event.isMissing || dice.chance(percent: 25) {
      addMembership(&event, unfinished: false)
    }
    if hits.contains(.unfinishedDeprovisioning) {
      addDeprovisioning(&event, unfinished: true)
    } else if event.operation == .delete || event.operation == .disable, case .person = target, completed,
      dice.chance(percent: 50)
    {
      addDeprovisioning(&event, unfinished: false)
    }
    if !event.isMissing, dice.below(3000) == 0 { addMembership(&event, unfinished: false, belongs: false) }
  }

  // MARK: Kinds

  private mutating func addApproval(_ event: inout HistoryEvent, decided: Bool) {
    turn += 1
    var due: Moment? = moment(&event, daysAfterRequest: 14)
    var state = TaskState.completed
    let party: HistoryEvent.Piece
    if decided {
      if event.state == .cancelled { state = .cancelled }
      party = approver(&event)
    } else {
      state = turn % 3 == 0 ? .running : .open
      due = unfinishedDue(&event, mayLack: true)
      event.marks.append(.unfinishedApproval)
      if turn % 5 == 1 {
        event.marks.append(.unknownApprover)
        party = event.text { arena in
          arena.append(text: "OLDCORP\\manager")
          arena.append(number: dice.below(1000))
        }
      } else {
        party = approver(&event)
      }
    }
    var decision = HistoryEvent.Piece.absent
    if state == .completed { decision = event.text(event.state == .rejected ? "rejected" : "approved") }
    var comment = HistoryEvent.Piece.absent
    if dice.chance(percent: state == .completed ? 40 : 10) {
      let luck = dice.next()
      comment = event.text { arena in
        if luck & 15 == 0 {
          Prose.special.append(Int(luck >> 8 & 0xFFFF) % Prose.special.count, to: &arena)
        } else {
          prose.appendPlain(4 + Int(luck >> 8 & 31), luck: luck >> 24, to: &arena)
        }
      }
    }
    add(
      to: &event, kind: .approval, state: state, belongs: true, subject: event.objectDN, party: party, due: due,
      first: decision, second: comment)
  }

  private mutating func addMembership(_ event: inout HistoryEvent, unfinished: Bool, belongs: Bool = true) {
    turn += 1
    var due = moment(&event, daysAfterRequest: 1 + dice.below(200))
    if turn % 4 == 0, let twice = ambiguousMoment(&event) {
      due = twice
    } else if unfinished {
      due = unfinishedDue(&event, mayLack: false) ?? due
    }
    var state = dice.chance(percent: 90) ? TaskState.completed : .cancelled
    if unfinished || due.instant >= end && state == .completed {
      state = dice.chance(percent: 20) ? .running : .open
      event.marks.append(.unfinishedTemporalMembership)
      if due.instant < end { event.marks.append(.overdueTask) }
    }
    if calendar.zones[event.place].oddity(of: due) == .ambiguousHour { event.marks.append(.ambiguousDue) }
    let person = organisation.employee(at: time, &dice)
    let member = event.text { organisation.appendDN(person, to: &$0) }
    let group =
      event.operation == .addMember
      ? event.objectDN
      : event.text { organisation.appendGroupDN(dice.below(organisation.groups), to: &$0) }
    add(
      to: &event, kind: .temporalMembership, state: state, belongs: belongs, subject: member, party: group,
      due: due,
      first: event.text(dice.chance(percent: 70) ? "remove" : "add"))
  }

  private static let actions = TextPool([
    "disable account", "set random password", "remove from all groups", "hide from address lists",
    "move to OU=Left\\, to be deleted,DC=corp,DC=example", "rename to ~ left", "notify manager|owner",
    "revoke licence", "grant delegate access:\nread only",
  ])

  private mutating func addDeprovisioning(_ event: inout HistoryEvent, unfinished: Bool) {
    turn += 1
    var due: Moment? = moment(&event, daysAfterRequest: 30)
    var state = dice.chance(percent: 95) ? TaskState.completed : .cancelled
    if unfinished {
      state = turn % 2 == 0 ? .running : .open
      due = unfinishedDue(&event, mayLack: false)
      event.marks.append(.unfinishedDeprovisioning)
    } else if due!.instant >= end {
      due = event.submitted
    }
    let policy = Names.deprovisioningPolicies[dice.below(Names.deprovisioningPolicies.count)]
    let party = event.text { $0.append(contentsOf: Names.policies[policy].utf8) }
    var actions: [HistoryEvent.Piece] = []
    for _ in 0..<dice.within(1...4) {
      actions.append(event.text { HistoryStream.actions.append(dice.below(HistoryStream.actions.count), to: &$0) })
    }
    add(
      to: &event, kind: .deprovisioning, state: state, belongs: true, subject: event.objectDN, party: party,
      due: due, actions: actions)
  }

  private mutating func add(
    to event: inout HistoryEvent, kind: TaskKind, state: TaskState, belongs: Bool, subject: HistoryEvent.Piece,
    party: HistoryEvent.Piece, due: Moment?, first: HistoryEvent.Piece = .absent,
    second: HistoryEvent.Piece = .absent, actions: [HistoryEvent.Piece] = []
  ) {
    taskKey += dice.below(50) == 0 ? Int64(dice.within(2...40)) : 1
    event.tasks.append(
      .init(
        key: taskKey, id: versionSeven(due?.instant ?? event.submitted.instant, Int(taskKey), 2), kind: kind,
        state: state, belongs: belongs, subject: subject, party: party, due: due, first: first, second: second,
        actions: actions))
  }

  // MARK: Who and when

  private mutating func approver(_ event: inout HistoryEvent) -> HistoryEvent.Piece {
    let person = organisation.administrator(at: time, &dice)
    return event.text { organisation.appendAccount(person, to: &$0) }
  }

  private mutating func moment(_ event: inout HistoryEvent, daysAfterRequest days: Int) -> Moment {
    let start = event.submitted.instant.microseconds / 60_000_000 * 60_000_000
    return calendar.zones[event.place].moment(Timestamp(microseconds: start + Int64(days) * HistoryStream.day))
  }

  /// One time in three already past, else in the time after the history's end; or none.
  private mutating func unfinishedDue(_ event: inout HistoryEvent, mayLack: Bool) -> Moment? {
    if mayLack, turn % 7 == 0 { return nil }
    if turn % 3 == 0 {
      let due = moment(&event, daysAfterRequest: 1 + dice.below(20))
      if due.instant < end {
        event.marks.append(.overdueTask)
        return due
      }
    }
    let minutes = Int64(1440 + dice.below(400 * 1440))
    return calendar.zones[event.place].moment(Timestamp(microseconds: end.microseconds + minutes * 60_000_000))
  }

  /// In an hour that occurs twice, within two years after the request.
  private mutating func ambiguousMoment(_ event: inout HistoryEvent) -> Moment? {
    let start = Int(event.submitted.instant.microseconds / 1_000_000)
    let folds = calendar.zones[event.place].shifts.filter {
      $0.after < $0.before && $0.at > start && $0.at < start + 2 * 366 * 86_400
    }
    guard !folds.isEmpty else { return nil }
    let fold = dice.pick(folds)
    let second = dice.chance(percent: 50)
    let width = fold.before - fold.after
    let offset = second ? fold.after : fold.before
    let instant = fold.at + (second ? 0 : -width) + dice.below(width / 60) * 60
    return Moment(
      instant: Timestamp(microseconds: Int64(instant) * 1_000_000), offset: offset, fold: second ? 1 : 0)
  }

  // MARK: Sections

  mutating func addSections(_ event: inout HistoryEvent, _ hits: Hits) {
    if hits.contains(.unknownWorkflow) {
      event.marks.append(.unknownWorkflow)
      addSection(.workflow, event.text("Altverfahren 2009 (Kopie)"), &event)
    }
    if dice.chance(percent: 25) {
      let name = Names.workflows[dice.below(Names.workflows.count)]
      addSection(.workflow, event.text { $0.append(contentsOf: name.utf8) }, &event)
    }
    if event.isMissing || dice.chance(percent: 30) {
      for _ in 0..<(dice.chance(percent: 80) ? 1 : 2) {
        let name = Names.policies[dice.below(Names.policies.count)]
        addSection(.policy, event.text { $0.append(contentsOf: name.utf8) }, &event)
      }
    }
  }

  private static let outcomes = TextPool(list: "completed, completed, completed, applied, skipped, denied, failed")

  private mutating func addSection(
    _ kind: SectionKind, _ name: HistoryEvent.Piece, _ event: inout HistoryEvent
  ) {
    sectionKey += 1
    let luck = dice.next()
    let outcome =
      luck & 15 == 0
      ? .absent : event.text { HistoryStream.outcomes.append(Int(luck >> 8 & 0xFF) % 7, to: &$0) }
    var message = HistoryEvent.Piece.absent
    if luck >> 16 & 3 == 0 {
      let length = luck >> 18 & 31 == 0 ? 0 : 6 + Int(luck >> 20 & 63)
      message = event.text { prose.appendPlain(length, luck: luck >> 28, to: &$0) }
    }
    event.sections.append(.init(kind: kind, name: name, outcome: outcome, message: message, key: sectionKey))
  }
}
