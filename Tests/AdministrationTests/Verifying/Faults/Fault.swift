import Base
import Database
import Testing

@testable import Administration

/// Something that an import could do wrong, planted into a good destination.
struct Fault: Sendable, CustomTestStringConvertible {
  let name: String
  /// What it does to the destination. `Q(n)` stands for the key of request n there.
  let script: String
  /// The rows of the source that the comparison must name.
  let requests: [Int64]
  let tasks: [Int64]

  init(_ name: String, requests: [Int64] = [], tasks: [Int64] = [], _ script: String) {
    self.name = name
    self.script = script
    self.requests = requests
    self.tasks = tasks
  }

  var testDescription: String { name }

  /// The script with the keys of one destination.
  func script(for databases: SampleDatabases) -> String {
    var text = script
    for request in databases.history.requests {
      let time = request.submitted.imported(from: databases.release).instant
      let id = DividedTarget.key("r", request.key, time, in: "destination", version: 8)
      let literal = databases.engine == .sqlite ? "x'\(id.description.replacing("-", with: ""))'" : "'\(id)'"
      text = text.replacing("Q(\(request.key))", with: literal)
    }
    for task in databases.history.tasks {
      let key = databases.key("t", task.key)
      text = text.replacing("K(\(task.key))", with: "'\(key)'")
      text = text.replacing(
        "T(\(task.key))",
        with: """
          (select id from approval_task where source_key = '\(key)'
           union all select id from temporal_membership_task where source_key = '\(key)'
           union all select id from deprovisioning_task where source_key = '\(key)')
          """)
    }
    return text
  }
}
