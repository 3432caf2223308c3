import TestSupport

/// Runs a program of the system with a text as its input.
func run(
  _ program: String, _ arguments: [String], input: String = "", environment: [String: String] = [:]
) throws -> (output: String, errors: String, status: Int32) {
  let outcome = try Tool.run(program, arguments, input: Array(input.utf8), environment: environment)
  return (outcome.text, outcome.errorText, outcome.status)
}

/// Whether a program is installed here.
func isInstalled(_ program: String) -> Bool { Tool.path(of: program) != nil }
