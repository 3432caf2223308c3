internal import Base
internal import Migration
internal import Synchronization

/// The secrets that a platform file refers to, by the names under which the systems ask for them.
///
/// What is asked of a person is kept for the life of the process, so that nobody is asked twice.
final class PlatformSecrets: SecretProvider {
  private final class Kept: Sendable {
    let bytes: SecretBytes
    init(_ bytes: consuming SecretBytes) { self.bytes = bytes }
  }

  private let references: [String: SecretReference]
  private let canPrompt: Bool
  private let kept = Mutex<[String: Kept]>([:])

  /// Takes every secret out of the environment at once: later other threads run, and unsetenv(3) must not.
  ///
  /// - Parameters:
  ///   - takesVariables: false leaves the environment alone, for a child that will need it.
  ///   - canPrompt: false where nobody is there to ask.
  init(_ references: [String: SecretReference], takesVariables: Bool = true, canPrompt: Bool) {
    self.references = references
    self.canPrompt = canPrompt
    guard takesVariables else { return }
    var taken: [String: Kept] = [:]
    for (name, reference) in references {
      guard case .environment(let variable) = reference else { continue }
      // Two purposes may name one variable: the first has taken it.
      let other = references.first { taken[$0.key] != nil && $0.value == reference }
      if let other {
        taken[name] = taken[other.key]
      } else if let bytes = SecretBytes.take(environmentVariable: variable) {
        taken[name] = Kept(bytes)
      }
    }
    let found = taken
    kept.withLock { $0 = found }
  }

  /// The names whose secret must be typed by somebody.
  var prompted: [String] { references.filter { $0.value == .prompt }.keys.sorted() }

  func secret(for name: String) throws -> SecretBytes? {
    guard let reference = references[name] else { return nil }
    if let known = kept.withLock({ $0[name] }) { return known.bytes.copy() }
    switch reference {
    case .file(let path):
      return try SecretBytes.read(file: path)
    case .environment(let variable):
      if let bytes = SecretBytes.take(environmentVariable: variable) {
        let taken = Kept(bytes)
        kept.withLock { $0[name] = taken }
        return taken.bytes.copy()
      }
      throw CommandLineError(
        .secret, doing: "take the secret of \(name)", reason: "the environment variable \(variable) is not set",
        advice: "set it for this command alone, or name a file in the platform file")
    case .prompt:
      guard canPrompt else {
        throw CommandLineError(
          .secret, doing: "ask for the secret of \(name)", reason: "nobody is there to ask",
          advice: "name a file or an environment variable for it in the platform file")
      }
      let answer = Kept(try SecretBytes.ask("Secret of \(name): "))
      kept.withLock { $0[name] = answer }
      return answer.bytes.copy()
    }
  }
}
