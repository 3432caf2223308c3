public import Testing

/// Skips the test, saying so, where a program is not installed; `LOCKTENDER_SKIP_NOTHING=1` makes it fail instead.
///
/// For programs of the extended set only: what the core set installs may be relied upon.
public func requireOrSkipLoudly(
  program: String, sourceLocation: SourceLocation = #_sourceLocation
) throws {
  guard Tool.path(of: program) == nil else { return }
  try skipLoudly("\(program) is not installed: Scripts/setup extended", sourceLocation: sourceLocation)
}

/// Skips the test, saying why; `LOCKTENDER_SKIP_NOTHING=1` makes it fail instead.
public func skipLoudly(_ why: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> Never {
  if Environment.value(of: "LOCKTENDER_SKIP_NOTHING") == "1" {
    throw SupportError(.unavailable, doing: "meet what the test needs", reason: why)
  }
  try Test.cancel("\(why)", sourceLocation: sourceLocation)
}
