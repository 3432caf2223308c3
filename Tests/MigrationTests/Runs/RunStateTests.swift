import Base
import TestSupport
import Testing

@testable import Migration

@Suite struct RunStateTests {
  private typealias Input = RunState.Input

  /// What must hold of every step of every walk.
  private func require(_ from: RunState, _ input: Input, _ to: RunState) throws {
    try #require(!from.isFinal, "\(from) is final, but \(input) leads to \(to)")
    if to == .verified || to == .differing { try #require(from == .verifying) }
    if to == .finalizing { try #require(from == .verified || from == .finalizing) }
    if to == .finalized { try #require(from == .finalizing) }
    if to == .rolledBack { try #require(from == .rollingBack) }
    if to == .applied { try #require([.running, .cancelling, .verifying].contains(from)) }
    // Once somebody began to finalize, nothing is taken back any more.
    if from == .finalizing { try #require(to == .finalizing || to == .finalized) }
    // What is being taken back cannot go forward again.
    if from == .rollingBack { try #require(to == .rollingBack || to == .rolledBack) }
  }

  @Test func `random walks keep the invariants`() throws {
    try seededRun(count: 500) { _, random in
      var state = RunState.planned
      for _ in 0..<60 {
        let input = Input.allCases.randomElement(using: &random)!
        guard let next = state.next(input) else { continue }
        try require(state, input, next)
        state = next
      }
    }
  }

  /// A process may be killed in any state but the final ones; the next one must find a way on and a way back.
  @Test(arguments: RunState.allCases.filter { !$0.isFinal })
  func `whatever state a kill leaves, an end can be reached`(_ state: RunState) {
    var reachable: Set<RunState> = [state]
    var waiting = [state]
    while let next = waiting.popLast() {
      for input in Input.allCases {
        if let found = next.next(input), reachable.insert(found).inserted { waiting.append(found) }
      }
    }
    #expect(reachable.contains { $0.isFinal })
    if state != .rollingBack { #expect(reachable.contains(.finalized)) }
    if state != .finalizing, state != .planned, state != .waiting {
      #expect(state.next(.rollBack) == .rollingBack)
    }
  }

  @Test(arguments: RunState.allCases) func `what is final takes no input`(_ state: RunState) {
    let takes = Input.allCases.contains { state.next($0) != nil }
    #expect(takes != state.isFinal)
  }

  /// A run that cannot go on because of a finding says so in whatever state it stopped.
  @Test(arguments: [RunState.planned, .waiting, .running, .cancelling, .cancelled, .failed, .blocked])
  func `a finding can block a run wherever it may be taken up`(_ state: RunState) {
    #expect(state.isResumable)
    #expect(state.next(.block) == .blocked)
  }

  @Test func `an error in a comparison does not undo what was applied`() {
    #expect(RunState.verifying.next(.fail) == .applied)
    #expect(RunState.rollingBack.next(.fail) == .rollingBack)
    #expect(RunState.finalizing.next(.fail) == .finalizing)
  }

  @Test(arguments: RunState.allCases) func `no command that is named next is refused in that state`(
    _ state: RunState
  ) {
    let run = "0f1e2d3c"
    for next in state.nextCommands(run: run, part: PartAddress(system: "a")) {
      switch next.words.split(separator: " ").first {
      case "resume": #expect(state.isResumable)
      case "rollback": #expect(state.next(.rollBack) == .rollingBack)
      case "verify": #expect(state.next(.verify) == .verifying)
      case "finalize": #expect(state.next(.finalize) == .finalizing)
      default: #expect(!next.words.contains("cancel") && !next.words.contains("watch"), "nobody works on it")
      }
    }
    for next in state.nextCommands(run: run, part: PartAddress(system: "a"), isActive: true)
    where next.words == "cancel \(run)" {
      #expect(state.next(.cancel) != nil || state == .verifying)
    }
  }

  @Test func `no name of the code stands in what a refusal says`() throws {
    let folder = try TestFolder()
    let journal = try Journal(path: folder / "journal.db")
    for input in [Input.start, .complete, .verify, .agree, .finalize, .finish] {
      try journal.advance(input, at: SystemClock().now())
    }
    for input in Input.allCases {
      let error = #expect(throws: MigrationError.self) { try journal.advance(input, at: SystemClock().now()) }
      #expect(error?.description.contains("rollBack") == false && error?.reason == "the run is finalized")
    }
  }
}
