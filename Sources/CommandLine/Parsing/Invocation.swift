internal import Migration

/// A command line that was understood: the command, and what was given to it.
public struct Invocation: Sendable {
  /// An option as it was given. A flag has the value `yes` or `no`.
  public struct Given: Sendable, Equatable {
    public let name: String
    public let value: String
  }

  public let command: Command
  /// The part that the target names, where the command line names one.
  public let part: PartDescription?
  /// In the order of the command line.
  public let given: [Given]
  /// Words by the name of the argument they stand for.
  public let arguments: [String: [String]]

  public func flag(_ name: String, default isOn: Bool = false) -> Bool {
    given.last { $0.name == name }.map { $0.value == "yes" } ?? isOn
  }

  public func value(_ name: String) -> String? { given.last { $0.name == name }?.value }

  public func values(_ name: String) -> [String] { given.filter { $0.name == name }.map(\.value) }

  public func argument(_ name: String) -> String? { arguments[name]?.first }
}

extension Invocation {
  /// The choices of a part that were given, as its planner takes them.
  func request(for part: PartDescription) -> PlanRequest {
    var choices: [String: [String]] = [:]
    for choice in part.choices {
      let values = values(choice.name)
      if !values.isEmpty { choices[choice.name] = values }
    }
    return PlanRequest(choices: choices)
  }
}
