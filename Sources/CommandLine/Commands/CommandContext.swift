internal import Base
internal import Glibc
internal import Migration

/// What a command is given: what was typed, where to speak, and how to open the platform.
struct CommandContext: Sendable {
  let invocation: Invocation
  let grammar: Grammar
  let console: Console
  let signals: SignalWatch

  typealias Handler = @Sendable (CommandContext) async throws -> ExitCode

  // MARK: The platform

  /// The platform file that was named, or the nearest one.
  func platformFile() throws -> String {
    if let named = invocation.value("platform") { return Paths.join(try currentFolder(), named) }
    return try Platform.find(from: currentFolder())
  }

  func open(keepsVariables: Bool = false) throws -> OpenPlatform {
    try OpenPlatform(file: platformFile(), console: console, keepsVariables: keepsVariables)
  }

  /// The part that the target names, and what was asked of it.
  func part(in engine: MigrationEngine) throws -> (address: PartAddress, request: PlanRequest) {
    let part: any MigrationPart
    if let target = invocation.argument("TARGET").flatMap({ PartAddress($0) }) {
      part = try engine.part(target)
    } else {
      guard engine.parts.count == 1 else {
        let names = engine.parts.map(\.address.description).joined(separator: ", ")
        throw CommandLineError(
          .usage, doing: "read the command line",
          reason: engine.parts.isEmpty ? "the platform file describes no system" : "TARGET is missing",
          advice: engine.parts.isEmpty ? "locktender init describes one" : "targets here: \(names)")
      }
      part = engine.parts[0]
    }
    guard let description = grammar.part(part.address) else { return (part.address, PlanRequest()) }
    try grammar.refuseChoicesOfOthers(invocation.given, of: invocation.command, on: description)
    return (part.address, invocation.request(for: description))
  }

  /// The run that the argument names, or the newest.
  func run(in engine: MigrationEngine) throws -> UniqueID { try engine.run(invocation.argument("RUN")) }

  func waivers() throws -> [Waiver] { try invocation.waivers(at: SystemClock().now()) }

  // MARK: Words for the person

  /// A command to type next, with the platform file where one was named.
  func command(_ words: String) -> String {
    guard let named = invocation.value("platform") else { return "locktender \(words)" }
    return "locktender \(words) --platform \(shellWord(named))"
  }

  func printJSON(_ value: some Encodable) throws {
    console.result(String(decoding: try encodeJSON(value, pretty: true), as: UTF8.self))
  }

  /// Whether somebody can be asked.
  var isInteractive: Bool { Prompt.isPossible && !console.isJSON }
}

/// The digits of a hash or an id that people type.
func short(_ name: some StringProtocol) -> String { String(name.prefix(8)) }

func currentFolder() throws -> String {
  guard let path = unsafe getcwd(nil, 0) else {
    throw CommandLineError(
      .system, doing: "find the current folder", reason: unsafe String(cString: strerror(errno)),
      advice: "change to a folder that exists")
  }
  defer { unsafe free(path) }
  return unsafe String(cString: path)
}

/// A text as one word for a shell.
func shellWord(_ text: String) -> String {
  let isPlain = text.utf8.allSatisfy { byte in
    switch byte {
    case 48...57, 65...90, 97...122: true
    default: "/.-_+:@%,=".utf8.contains(byte)
    }
  }
  return isPlain && !text.isEmpty ? text : singleQuoted(text)
}
