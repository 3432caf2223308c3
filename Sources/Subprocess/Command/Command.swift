internal import Base

/// A program with its arguments, to be run as it stands: no shell ever reads them.
public struct Command: Sendable {
  /// What the program finds in its environment.
  public enum Environment: Sendable {
    /// The variables of this process, with some added or replaced.
    case inherited(adding: [String: String] = [:])
    /// These and no others.
    case exactly([String: String])
  }

  /// A path, or a name that is looked up in `PATH`.
  public var program: String
  public var arguments: [String]
  public var environment: Environment
  /// The folder that it starts in; nil for that of this process.
  public var folder: String?
  /// The user that it runs as, without supplementary groups; nil for the user of this process.
  public var user: UserIdentity?

  public init(
    _ program: String, _ arguments: [String] = [], environment: Environment = .inherited(),
    folder: String? = nil, user: UserIdentity? = nil
  ) {
    self.program = program
    self.arguments = arguments
    self.environment = environment
    self.folder = folder
    self.user = user
  }

  /// The last part of the program's path, for messages; arguments may be secret and are never told.
  var name: String { program.split(separator: "/").last.map(String.init) ?? program }
}
