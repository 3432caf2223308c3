internal import Base
internal import Migration

/// A system that this program can work on, as far as the command line needs to know it.
///
/// ``KnownSystem/all`` is the one place where the command line and the systems meet.
struct KnownSystem: Sendable {
  /// The name of its section in the platform file, and the first word of its targets.
  let name: String
  /// Its parts before any platform file is read.
  let descriptions: [PartDescription]
  /// Which secrets its section refers to.
  let secrets: @Sendable (JSONNode, _ folder: String) throws -> [String: SecretReference]
  /// Its parts as the section describes them.
  let parts: @Sendable (JSONNode, _ folder: String) throws -> [any MigrationPart]

  static let all: [KnownSystem] = [administration]

  static var grammar: Grammar { Grammar.standard(parts: all.flatMap(\.descriptions)) }
}

/// A platform that was opened: its file, its secrets, and the engine that works on it.
struct OpenPlatform: Sendable {
  let platform: Platform
  let secrets: PlatformSecrets
  let engine: MigrationEngine

  /// Reads the platform file and all sections in it; errors name the place.
  ///
  /// - Parameter keepsVariables: leaves secrets in the environment, for a child that will need them.
  init(file: String, console: Console, keepsVariables: Bool = false) throws {
    let systems = KnownSystem.all
    platform = try Platform(reading: file, systems: systems.map(\.name))
    var references = platform.messages.secrets
    var parts: [any MigrationPart] = []
    for system in systems {
      guard let section = platform.sections[system.name] else { continue }
      do {
        references.merge(try system.secrets(section, platform.folder)) { first, _ in first }
        parts += try system.parts(section, platform.folder)
      } catch let error as JSONError {
        throw MigrationError(.usage, doing: "read the platform file", cause: error)
      }
    }
    secrets = PlatformSecrets(references, takesVariables: !keepsVariables, canPrompt: Prompt.isPossible)
    engine = MigrationEngine(
      parts: parts,
      workplace: Workplace(
        folder: platform.folder, clock: SystemClock(), program: "locktender \(programVersion)", secrets: secrets))
    try OpenPlatform.makeStateFolder(engine.workplace)
  }

  /// Where plans and runs are kept. Whoever may only read there can still look at things.
  private static func makeStateFolder(_ workplace: Workplace) throws(FileError) {
    do {
      try Files.createFolder(workplace.stateFolder)
    } catch {
      if error.code != .denied, error.code != .readOnly { throw error }
    }
  }
}
