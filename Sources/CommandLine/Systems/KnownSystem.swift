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
  let parts: @Sendable (JSONNode, Workplace) throws -> [any MigrationPart]

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
    let platform = try Platform(reading: file, systems: KnownSystem.all.map(\.name))
    var references = platform.messages.secrets
    for (system, section) in OpenPlatform.sections(of: platform) {
      references.merge(try OpenPlatform.reading { try system.secrets(section, platform.folder) }) { first, _ in
        first
      }
    }
    let secrets = PlatformSecrets(references, takesVariables: !keepsVariables, canPrompt: Prompt.isPossible)
    let workplace = Workplace(
      folder: platform.folder, clock: SystemClock(), program: "locktender \(programVersion)", secrets: secrets)
    let parts = try OpenPlatform.sections(of: platform).flatMap { system, section in
      try OpenPlatform.reading { try system.parts(section, workplace) }
    }
    self.platform = platform
    self.secrets = secrets
    engine = MigrationEngine(parts: parts, workplace: workplace)
    try OpenPlatform.makeStateFolder(engine.workplace)
  }

  private static func sections(of platform: Platform) -> [(KnownSystem, JSONNode)] {
    KnownSystem.all.compactMap { system in platform.sections[system.name].map { (system, $0) } }
  }

  /// Errors of a section are errors of the platform file.
  private static func reading<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as JSONError {
      throw Platform.malformed(error)
    }
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
