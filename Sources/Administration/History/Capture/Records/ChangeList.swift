/// The changes of one request as a log tells them, and the changed properties that they come to.
///
/// Both kinds of logs tell a change as an attribute, what is done to it, and values. docs/sources.md, "Changed
/// properties", says which rows come of that.
struct ChangeList: ~Copyable {
  enum Kind: UInt8 {
    case add, delete, replace, increment
  }

  /// Bytes in ``bytes``.
  private struct Piece {
    var start: Int
    var end: Int
  }

  /// Consecutive values of one attribute to which the same is done.
  private struct Run {
    var name: Piece
    var kind: Kind
    /// Of ``values``.
    var first: Int
    var end: Int
    /// Values that the log itself has hidden.
    var hidden: Int
    var traits: AttributeTraits
  }

  private var bytes = [UInt8]()
  private var values = [Piece]()
  private var runs = [Run]()
  private var oldNames = [Piece]()
  private var oldValues = [Piece]()
  private var isSeparated = true
  private let index = AttributeIndex()

  mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    values.removeAll(keepingCapacity: true)
    runs.removeAll(keepingCapacity: true)
    oldNames.removeAll(keepingCapacity: true)
    oldValues.removeAll(keepingCapacity: true)
    isSeparated = true
  }

  // MARK: What the log says

  /// What follows is a change of its own, also where it does the same to the same attribute.
  mutating func separate() { isSeparated = true }

  /// Begins a change, or goes on with the last one where it does the same to the same attribute.
  mutating func begin(_ name: Span<UInt8>, _ kind: Kind) {
    if !isSeparated, let last = runs.last, last.kind == kind, isEqual(last.name, name) { return }
    isSeparated = false
    runs.append(
      Run(
        name: keep(name), kind: kind, first: values.count, end: values.count, hidden: 0,
        traits: index.traits(of: name)))
  }

  /// Adds a value to the change that was begun.
  mutating func add(_ value: Span<UInt8>) {
    values.append(keep(value))
    runs[runs.count - 1].end = values.count
  }

  /// Adds a value that the log does not tell.
  mutating func addHidden() { runs[runs.count - 1].hidden += 1 }

  /// A value that the object had before.
  mutating func addOld(_ name: Span<UInt8>, _ value: Span<UInt8>) {
    oldNames.append(keep(name))
    oldValues.append(keep(value))
  }

  private mutating func keep(_ span: Span<UInt8>) -> Piece {
    let start = bytes.count
    unsafe span.withUnsafeBufferPointer { unsafe bytes.append(contentsOf: $0) }
    return Piece(start: start, end: bytes.count)
  }

  // MARK: What it comes to

  /// What the changes are as a whole: `modify` unless they can only mean one other thing.
  var operation: Operation {
    let own = runs.filter { !$0.traits.contains(.bookkeeping) }
    guard let first = own.first else { return .modify }
    if own.contains(where: { $0.traits.contains(.password) }),
      own.allSatisfy({ !$0.traits.isDisjoint(with: [.password, .passwordCompanion]) })
    {
      return .resetPassword
    }
    if first.traits.contains(.membership),
      own.allSatisfy({ $0.kind == first.kind && isSame($0.name, first.name) })
    {
      if first.kind == .add { return .addMember }
      if first.kind == .delete { return .removeMember }
    }
    return accountSwitch(own) ?? .modify
  }

  /// Active Directory: the flag ACCOUNTDISABLE changes, and no other attribute does.
  private func accountSwitch(_ own: [Run]) -> Operation? {
    guard own.count == 2, own[0].kind == .delete, own[1].kind == .add,
      isNamed(own[0].name, "useraccountcontrol"), isNamed(own[1].name, "useraccountcontrol"),
      let before = single(own[0]), let after = single(own[1]), let old = integer(before),
      let new = integer(after), (old ^ new) & 2 != 0
    else { return nil }
    return new & 2 == 0 ? .enable : .disable
  }

  /// Writes the changed properties to a record.
  func write(to record: inout CapturedRecord, _ tally: inout CaptureTally) {
    var place = 0
    while place < runs.count {
      let run = runs[place]
      place += 1
      if run.traits.contains(.bookkeeping) {
        tally.bookkeepingValues += max(1, run.end - run.first)
        continue
      }
      switch run.kind {
      case .add: writeAll(run, areNew: true, &record, &tally)
      case .delete:
        if place < runs.count, isExchange(run, runs[place]) {
          write(run, old: values[run.first], new: values[runs[place].first], &record, &tally)
          place += 1
        } else {
          writeDeletion(run, &record, &tally)
        }
      case .replace: writeReplacement(run, &record, &tally)
      case .increment: writeIncrement(run, &record, &tally)
      }
    }
  }

  /// One value taken and one given: the one was changed into the other.
  private func isExchange(_ left: Run, _ right: Run) -> Bool {
    left.end - left.first == 1 && left.hidden == 0 && right.kind == .add && right.end - right.first == 1
      && right.hidden == 0 && isSame(left.name, right.name)
  }

  private func writeAll(_ run: Run, areNew: Bool, _ record: inout CapturedRecord, _ tally: inout CaptureTally) {
    for value in values[run.first..<run.end] {
      write(run, old: areNew ? nil : value, new: areNew ? value : nil, &record, &tally)
    }
    for _ in 0..<run.hidden { writeHidden(run, isNew: areNew, &record, &tally) }
  }

  private func writeDeletion(_ run: Run, _ record: inout CapturedRecord, _ tally: inout CaptureTally) {
    if run.first < run.end || run.hidden > 0 {
      writeAll(run, areNew: false, &record, &tally)
      return
    }
    // All values went; which ones, only the old values can tell.
    let old = oldValues(of: run)
    for value in old { write(run, old: value, new: nil, &record, &tally) }
    if old.isEmpty { write(run, old: nil, new: nil, &record, &tally) }
  }

  private func writeReplacement(_ run: Run, _ record: inout CapturedRecord, _ tally: inout CaptureTally) {
    let old = oldValues(of: run)
    let new = Array(values[run.first..<run.end])
    if old.isEmpty, new.isEmpty, run.hidden == 0 {
      write(run, old: nil, new: nil, &record, &tally)
      return
    }
    let (gone, come) = difference(old, new)
    tally.unchangedValues += new.count - come.count
    for place in 0..<max(gone.count, come.count) {
      write(
        run, old: place < gone.count ? gone[place] : nil, new: place < come.count ? come[place] : nil, &record,
        &tally)
    }
    for _ in 0..<run.hidden { writeHidden(run, isNew: true, &record, &tally) }
  }

  /// What only one side has, each in its order.
  private func difference(_ old: [Piece], _ new: [Piece]) -> (gone: [Piece], come: [Piece]) {
    if old.isEmpty || new.isEmpty { return (old, new) }
    if old.count * new.count <= 256 {
      return (
        old.filter { value in !new.contains { isSame($0, value) } },
        new.filter { value in !old.contains { isSame($0, value) } }
      )
    }
    let before = Set(old.map { bytes[$0.start..<$0.end] })
    let after = Set(new.map { bytes[$0.start..<$0.end] })
    return (
      old.filter { !after.contains(bytes[$0.start..<$0.end]) },
      new.filter { !before.contains(bytes[$0.start..<$0.end]) }
    )
  }

  /// The new value is the old one and the step together, where the old one is known; else the step with its sign.
  private func writeIncrement(_ run: Run, _ record: inout CapturedRecord, _ tally: inout CaptureTally) {
    let old = oldValues(of: run)
    for place in run.first..<run.end {
      let before = old.count == 1 && run.end - run.first == 1 ? old[0] : nil
      var result: String?
      if let before, let start = integer(before), let step = integer(values[place]) {
        let (sum, overflow) = start.addingReportingOverflow(step)
        if !overflow { result = String(sum) }
      }
      let text = Array((result ?? "").utf8)
      let sign = Array("+".utf8) + bytes[values[place].start..<values[place].end]
      record.begin(.property)
      record.append(span(run.name))
      append(before, isSecret: run.traits.contains(.secret), &record, &tally)
      if run.traits.contains(.secret) {
        record.append(AttributeTable.mask)
        tally.maskedValues += 1
      } else {
        record.append(result == nil ? sign.span : text.span)
      }
    }
  }

  // MARK: One row

  private func write(
    _ run: Run, old: Piece?, new: Piece?, _ record: inout CapturedRecord, _ tally: inout CaptureTally
  ) {
    let isSecret = run.traits.contains(.secret)
    record.begin(.property)
    record.append(span(run.name))
    append(old, isSecret: isSecret, &record, &tally)
    append(new, isSecret: isSecret, &record, &tally)
  }

  private func append(
    _ value: Piece?, isSecret: Bool, _ record: inout CapturedRecord, _ tally: inout CaptureTally
  ) {
    guard let value else { return record.appendAbsent() }
    if isSecret {
      record.append(AttributeTable.mask)
      tally.maskedValues += 1
    } else {
      record.append(span(value))
    }
  }

  private func writeHidden(
    _ run: Run, isNew: Bool, _ record: inout CapturedRecord, _ tally: inout CaptureTally
  ) {
    record.begin(.property)
    record.append(span(run.name))
    if isNew { record.appendAbsent() }
    record.append(AttributeTable.mask)
    if !isNew { record.appendAbsent() }
    tally.maskedValues += 1
  }

  // MARK: Bytes

  @_lifetime(borrow self)
  private func span(_ piece: Piece) -> Span<UInt8> { bytes.span.extracting(piece.start..<piece.end) }

  private func oldValues(of run: Run) -> [Piece] {
    if oldNames.isEmpty { return [] }
    return oldNames.indices.filter { isSame(oldNames[$0], run.name) }.map { oldValues[$0] }
  }

  private func isSame(_ left: Piece, _ right: Piece) -> Bool {
    guard left.end - left.start == right.end - right.start else { return false }
    for offset in 0..<(left.end - left.start) where bytes[left.start + offset] != bytes[right.start + offset] {
      return false
    }
    return true
  }

  private func isEqual(_ piece: Piece, _ span: Span<UInt8>) -> Bool {
    guard piece.end - piece.start == span.count else { return false }
    for offset in span.indices where bytes[piece.start + offset] != span[offset] { return false }
    return true
  }

  private func isNamed(_ piece: Piece, _ name: String) -> Bool {
    bytes[piece.start..<piece.end].lazy.map(AttributeIndex.lowered).elementsEqual(name.utf8)
  }

  private func single(_ run: Run) -> Piece? { run.end - run.first == 1 ? values[run.first] : nil }

  private func integer(_ piece: Piece) -> Int64? {
    Int64(String(decoding: bytes[piece.start..<piece.end], as: UTF8.self))
  }
}
