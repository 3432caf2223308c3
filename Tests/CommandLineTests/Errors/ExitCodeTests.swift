import Base
@testable import CommandLine
import Migration
import Testing

@Suite struct ExitCodeTests {
  private func error(_ code: MigrationError.Code, cause: (any Error)? = nil) -> MigrationError {
    MigrationError(code, doing: "test", cause: cause)
  }

  @Test func `the numbers are the contract`() {
    #expect(ExitCode.allCases.map(\.rawValue) == [0, 1, 2, 3, 4, 5])
  }

  @Test(arguments: [
    (MigrationError.Code.usage, ExitCode.usage), (.notAccepted, .usage), (.notFound, .usage), (.blocked, .blocked),
    (.stalePlan, .blocked), (.verificationFailed, .differing), (.cancelled, .cancelled), (.wrongState, .failed),
    (.inUse, .failed), (.damaged, .failed), (.stepFailed, .failed),
  ])
  func `an engine's error has one exit code`(code: MigrationError.Code, expected: ExitCode) {
    #expect(ExitCode(error(code)) == expected)
  }

  @Test func `a failed step tells the code of what made it fail`() {
    #expect(ExitCode(error(.stepFailed, cause: error(.blocked))) == .blocked)
    #expect(ExitCode(error(.stepFailed, cause: error(.stepFailed, cause: CancellationError()))) == .cancelled)
    // A name that a step did not find is not the person's mistake.
    #expect(ExitCode(error(.stepFailed, cause: error(.notFound))) == .failed)
    #expect(ExitCode(error(.blocked, cause: error(.cancelled))) == .blocked)
  }

  @Test func `an unknown error is an error`() {
    struct Odd: Error {}
    #expect(ExitCode(Odd()) == .failed)
    #expect(ExitCode(CancellationError()) == .cancelled)
  }

  @Test(arguments: RunState.allCases)
  func `a run is a success only where both sides were compared and agree, or all is taken back`(state: RunState) {
    let summary = RunSummary(
      run: UniqueID(high: 1, low: 2), part: PartAddress(system: "a"), plan: "", state: state, active: false,
      startedAt: nil, changedAt: nil, progress: nil, failure: nil, advice: nil, verified: nil, folder: "")
    let isGood = [.verified, .finalized, .rolledBack].contains(state)
    #expect((ExitCode(summary) == .done) == isGood)
  }

  @Test func `an error is told with its chain and advice`() throws {
    let failure = MigrationError(
      .stepFailed, doing: "import", reason: "table gone",
      cause: CommandLineError(.system, doing: "read", advice: "look there"))
    let display = ErrorDisplay(failure)
    #expect(display.lines(style: .plain) == ["locktender: import: table gone <- read", "  -> look there"])
    #expect(
      try display.json()
        == #"{"error":{"advice":"look there","code":"stepFailed","exit":1,"message":"import: table gone <- read"}}"#
    )
  }
}
