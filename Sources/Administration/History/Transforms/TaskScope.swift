internal import Base
internal import Transfer

/// Which tasks an import brings: none that an earlier one has brought; else unfinished ones always, unless they were
/// to be left out, and finished ones when their time is asked for. Used by one worker at a time.
struct TaskScope {
  let range: HistoryRange
  let takesUnfinished: Bool
  /// nil where there are none.
  let earlier: EarlierTasks.Lookup?

  /// - Parameter time: when the task was due, else when its request was made; nil where neither is known.
  func brings(_ key: Key, _ state: TaskState, _ time: Timestamp?) -> Bool {
    if let earlier, earlier.contains(key) { return false }
    if !state.isFinished { return takesUnfinished }
    // It came with no earlier import, and no later one could ask for it by its time.
    guard let time else { return true }
    return range.contains(time)
  }

  /// The same of a task whose key holds its time.
  func brings(_ key: UniqueID, _ state: TaskState) -> Bool {
    brings(.uuid(key), state, Timestamp(microseconds: key.milliseconds * 1000))
  }
}
