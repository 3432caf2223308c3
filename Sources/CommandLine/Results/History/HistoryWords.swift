internal import Administration
internal import Base

// What the forms for people say alike.

extension TimeSpan {
  /// `2023-05-02 00:00:00 UTC to 2023-05-07 00:00:00 UTC`; the end does not belong to it.
  var words: String {
    switch (from, until) {
    case (nil, nil): "all times"
    case (let from?, nil): "from \(Human.instant(from)) on"
    case (nil, let until?): "before \(Human.instant(until))"
    case (let from?, let until?): "\(Human.instant(from)) to \(Human.instant(until))"
    }
  }
}

extension HistoryCoverage {
  /// A line for each source, and one for the service itself.
  var lines: [(name: String, covers: String)] {
    sources.map { source in
      let spans = source.covered.map(\.words).joined(separator: "; ")
      var covers = source.covered.isEmpty ? "no times" : spans
      if let copied = source.copiedBefore {
        covers += " (as far as the copy tells that was read before \(Human.instant(copied)))"
      }
      return ("\(source.name), \(source.kind)\(source.version.map { " \($0)" } ?? "")", covers)
    } + [("this service", "from \(Human.instant(ownSince)) on, when its database was made")]
  }

  /// What is known of the edges.
  var edges: String {
    guard let first, let last else { return "the history holds no request" }
    return
      "the requests reach from \(Human.instant(first)) to \(Human.instant(last)); of what was before, nothing is known"
  }
}

extension HistoryCoverage.Gap {
  var words: String {
    let run = run.map { ", run \(short($0.description))" } ?? ""
    return switch reason {
    case .notImported: "\(source): \(span.words) was not imported"
    case .unfinished: "\(source): \(span.words): the import was not brought to its end and found right\(run)"
    case .rejected: "\(source): \(span.words): \(Human.count(rows ?? 0, "row was", "rows were")) rejected\(run)"
    case .tasksOnly: "\(source): \(span.words): only unfinished tasks were imported"
    }
  }
}

extension HistoryOrigin {
  /// `main, database 7.5, import 1, old key 4711`
  var words: String {
    if importID == 0 { return "written by this service" }
    let source = [name ?? "a source that is gone", kind + (version.map { " \($0)" } ?? "")]
    return (source + ["import \(importID)"] + (key.map { ["old key \($0)"] } ?? [])).joined(separator: ", ")
  }
}

extension HistoryEntry {
  /// `modify`, or what kind of task it is.
  var title: String { record == .task ? "\(tasks.first?.kind ?? "") task" : operation ?? "" }

  /// What names the request alone, here and in `show`; that of a task is its request's.
  var key: String? { (record == .task ? request : id)?.description }

  /// The state that counts: a task's own, else the request's.
  var outcome: String { (record == .task ? tasks.first?.state : state) ?? "" }

  /// `by CORP\anna, account CORP\svc, on srv1`
  var actors: String {
    var parts: [String] = []
    if let initiator { parts.append("by \(initiator)") }
    if let accountUsed, !accountUsed.isEmpty { parts.append("account \(accountUsed)") }
    if let host, !host.isEmpty { parts.append("on \(host)") }
    return parts.joined(separator: ", ")
  }

  /// What the clock showed where it was made, with what is to be known about it.
  var clock: String {
    guard let local else { return "" }
    return local + (zone.map { $0.isEmpty ? "" : " \($0)" } ?? "")
      + (isAmbiguous ? ", the first of two readings: the old version kept no more" : "")
  }

  /// Of which request's, for a task.
  var requestWords: String? {
    guard record == .task else { return nil }
    guard let operation, let object else { return "of no request that is there" }
    return "of the request to \(operation) \(object.name)" + (state.map { ", \($0)" } ?? "")
  }

  var originalsWords: String? {
    originals.isEmpty
      ? nil
      : "shown readable, the old bytes are kept: "
        + Set(originals.map(\.field)).sorted().joined(separator: ", ")
  }
}

extension HistoryTask {
  /// `approval by CORP\boss: completed, approved – fine with me`
  var words: String {
    var text =
      switch kind {
      case "approval": "approval by \(party)"
      case "temporal-membership": "temporal membership of \(subject) in \(party)"
      default: "\(kind) of \(subject) by \(party)"
      }
    text += ": \(state)"
    if let stateBefore { text += " (was \(stateBefore))" }
    if let decision { text += ", \(decision)" }
    if let comment { text += " – \(comment)" }
    if let dueAt { text += "; due \(Human.instant(dueAt))" }
    if !actions.isEmpty { text += "; actions: \(actions.joined(separator: ", "))" }
    if revision > 0 { text += "; revised \(Human.count(revision, "time"))" }
    return text
  }
}
