/// What each command of the table does. The test that every command has an act, and every act a command, keeps
/// both together.
enum CommandTable {
  static let handlers: [String: CommandContext.Handler] = [
    "init": { try $0.initialize() },
    "discover": { try await $0.discover() },
    "check": { try await $0.check() },
    "plan": { try await $0.plan() },
    "apply": { try await $0.apply() },
    "status": { try $0.status() },
    "watch": { try await $0.watch() },
    "cancel": { try await $0.cancel() },
    "resume": { try await $0.resume() },
    "runs": { try $0.runs() },
    "verify": { try await $0.verify() },
    "compare": { try await $0.compare() },
    "report": { try $0.report() },
    "rollback": { try await $0.rollback() },
    "finalize": { try await $0.finalize() },
    "support bundle": { try $0.supportBundle() },
    "administration connection show": { try $0.showConnections() },
    "administration connection test": { try $0.testConnections() },
    "administration connection set": { try $0.setConnections() },
    "administration history show": { try await $0.showHistory() },
    "administration history activity": { try await $0.showActivity() },
    "lab new": { try await $0.newLab() },
    "help": { try $0.help() },
    "completions": { try $0.completions() },
    "version": { $0.version() },
    "__complete": { try $0.complete() },
    "__run": { try await $0.runDetached() },
  ]
}
