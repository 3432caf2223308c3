import Administration
import Base
import Database

extension DividedTarget {
  func tasks(_ code: Int, _ originals: inout TableRows) -> TableRows {
    var rows = table(code)
    for task in history.tasks where task.kind.code == code {
      let id = key("t", task.key, time(task))
      let due = task.due?.imported(from: origin)
      let request = whole.request(task.request).map { key(of: $0) }
      var cells: [TableRows.Cell] = [
        .id(id), .optional(request), cell(task.subject, id, subject(code), &originals),
        cell(task.party, id, party(code), &originals), .optional(due?.instant), .optional(due?.offset),
        .text(task.zone), .text(state(task, id, &originals)),
      ]
      switch task.kind {
      case .approval(let decision, let comment):
        cells += [.optional(decision.map { Array($0.utf8) }), .optional(comment.map { Array($0.utf8) })]
      case .membership(let action): cells.append(.text(action))
      case .deprovisioning(let actions):
        cells.append(.text(Array(actions.map { PackedSource.escaped(Array($0.utf8)) }.joined(separator: [0x0A]))))
      }
      if release == .v8_2 {
        cells += [
          .flag(task.due?.isAmbiguous == true && (origin == .v7_5 || origin == .v8_2)), .integer(importID),
          sourceKeyText("t", task.key, time(task)), .integer(0),
        ]
      }
      rows.rows.append(cells)
    }
    return rows
  }

  private func state(_ task: SampleTask, _ id: UniqueID, _ originals: inout TableRows) -> String {
    let old = PackedSource.taskStates[task.status]
    guard release == .v8_2 else { return old }
    // In a source of 8.2 the running ones wait, since they were imported once before.
    if task.isUnfinished, isDestination || task.status == 3 {
      originals.add(
        .id(id), .integer(0), .text("state"), .bytes(Array(old.utf8)), .integer(importID))
      return "held"
    }
    return old == "done" ? "completed" : old
  }

  private func subject(_ code: Int) -> String { code == 2 ? "member" : "subject" }
  private func party(_ code: Int) -> String { ["approver", "group_dn", "policy"][code - 1] }

  private func table(_ code: Int) -> TableRows {
    let payload: [(String, ColumnKind)] = [
      [("decision", .text), ("comment", .text)], [("action", .text)], [("actions", .text)],
    ][code - 1]
    let ending: [(String, ColumnKind)] =
      release == .v8_2
      ? [("ambiguous", .boolean), ("import_id", .integer), ("source_key", .text), ("revision", .integer)] : []
    return TableRows(
      ["approval_task", "temporal_membership_task", "deprovisioning_task"][code - 1],
      [
        ("id", .uuid), ("request_id", .uuid), (subject(code), .text), (party(code), .text),
        ("due_at", .timestamp), ("due_offset", .integer), ("zone", .text), ("state", .text),
      ] + payload + ending)
  }
}
