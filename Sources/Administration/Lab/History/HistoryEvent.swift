internal import Base

/// One request of the history with all that hangs on it, as every release could tell it.
///
/// A single event is filled again and again: its texts are pieces of one arena, so that a stream of ten million
/// allocates nothing for each.
struct HistoryEvent {
  /// A text in the arena, or none.
  struct Piece {
    static let absent = Piece(start: 0, count: -1)

    let start: Int32
    let count: Int32

    var isAbsent: Bool { count < 0 }
    var range: Range<Int> { Int(start)..<(Int(start) + Int(count)) }
  }

  /// One changed value of a property.
  struct Change {
    let name: Piece
    let old: Piece
    let new: Piece
  }

  struct Section {
    let kind: SectionKind
    let name: Piece
    let outcome: Piece
    let message: Piece
    /// The integer key where sections are rows with keys of their own.
    let key: Int64
  }

  struct Task {
    let key: Int64
    let id: UniqueID
    let kind: TaskKind
    let state: TaskState
    /// Whether it belongs to the event's request; else to none.
    let belongs: Bool
    let subject: Piece
    /// The approver, the group, or the policy.
    let party: Piece
    let due: Moment?
    /// Of an approval: decision and comment. Of a membership: `add` or `remove`.
    var first = Piece.absent
    var second = Piece.absent
    /// Of a deprovisioning: one text each.
    var actions: [Piece] = []
  }

  var arena: [UInt8] = []

  /// Integer key and UUID key of the request.
  var key: Int64 = 0
  var id = UniqueID(high: 0, low: 0)
  /// The request is gone; what hangs on it is still there.
  var isMissing = false
  var operation = Operation.modify
  var guid: UniqueID?
  var guidIsCapital = false
  var objectDN = Piece.absent
  var objectClass = Piece.absent
  var initiator = Piece.absent
  var accountUsed = Piece.absent
  var host = Piece.absent
  var submitted = Moment(instant: Timestamp(microseconds: 0), offset: 0, fold: 0)
  var completed: Moment?
  /// The site, and with it the zone.
  var place = 0
  var state = RequestState.completed
  var changes: [Change] = []
  var sections: [Section] = []
  var tasks: [Task] = []
  var reason = Piece.absent
  /// Where the packed text says the reason: after the other items, or before.
  var reasonIsLast = true

  /// Every ugliness in it, once for each occurrence.
  var marks: [Ugliness] = []

  mutating func removeAll() {
    arena.removeAll(keepingCapacity: true)
    isMissing = false
    guid = nil
    guidIsCapital = false
    completed = nil
    changes.removeAll(keepingCapacity: true)
    sections.removeAll(keepingCapacity: true)
    tasks.removeAll(keepingCapacity: true)
    reason = .absent
    reasonIsLast = true
    marks.removeAll(keepingCapacity: true)
  }

  /// Writes a text to the arena.
  @inline(__always)
  mutating func text(_ write: (inout [UInt8]) -> Void) -> Piece {
    let start = arena.count
    write(&arena)
    return piece(from: start)
  }

  @inline(__always)
  mutating func text(_ text: StaticString) -> Piece {
    let start = arena.count
    arena.append(text: text)
    return piece(from: start)
  }

  /// What was written to the arena since a mark.
  @inline(__always)
  func piece(from start: Int) -> Piece {
    Piece(start: Int32(start), count: Int32(arena.count - start))
  }
}

/// A point in time as a clock on a wall showed it.
struct Moment {
  var instant: Timestamp
  /// Seconds east of UTC. For a local time that never was, those in force before the gap.
  var offset: Int
  /// 1 for the second reading of an ambiguous local time.
  var fold: Int
}
