import Base
import Testing

@testable import Migration

struct DecisionTests {
  private static let part = PartAddress("administration/history")!

  private static func messages(
    _ patience: MessageDecision.Patience = .init(), _ tell: (inout Story) -> Void
  ) -> [Message] {
    var story = Story()
    tell(&story)
    var decision = MessageDecision(run: SampleReport.run, part: part, patience: patience)
    var messages = story.events.compactMap { decision.take($0) }
    if let last = decision.finish() { messages.append(last) }
    return messages
  }

  @Test func `a run that ends well gives one message, whatever it did on the way`() {
    let messages = DecisionTests.messages { story in
      story.change(to: .running)
      story.carry("carry", "Carry", rows: 100_000, rate: 20_000)
      story.tell(.retried(what: "w", error: "e", failures: 1, delay: 1))
      story.tell(.warned("w"))
      story.change(to: .applied)
      story.change(to: .verifying)
      story.change(to: .verified)
    }
    #expect(messages.map(\.kind) == [.verified])
    #expect(messages[0].numbers == Message.Numbers(rows: 100_000, retries: 1, rejects: 0, warnings: 1))
    #expect(!messages[0].kind.needsPerson)
    #expect(messages[0].subject == "administration/history: verified (run 3f9a1c02)")
  }

  @Test func `a failure is told with its error, its step and the way on`() {
    let messages = DecisionTests.messages { story in
      story.change(to: .running)
      story.tell(.stepStarted(id: "carry", title: "Carry rows", number: 1, of: 1))
      story.tell(.failed(error: "commit: connection lost", advice: "start the server"))
      story.change(to: .failed)
    }
    #expect(messages.map(\.kind) == [.failed] && messages[0].kind.needsPerson)
    for text in [
      "Error: commit: connection lost", "To do: start the server", "locktender resume \(SampleReport.run)",
      "locktender rollback", "Step:     Carry rows",
    ] {
      let isThere = messages[0].text.contains(text)
      #expect(isThere, "\(text) in \(messages[0].text)")
    }
  }

  @Test func `a finding that forbids a run is told with what it says, though that comes after the state`() {
    let told = DecisionTests.messages { story in
      story.change(to: .blocked)
      story.tell(.failed(error: "space: too little", advice: "free some"))
    }
    #expect(told.map(\.kind) == [.blocked] && told[0].error == "space: too little")
    let cutOff = DecisionTests.messages { $0.change(to: .blocked) }
    #expect(cutOff.map(\.kind) == [.blocked] && cutOff[0].error == nil)
  }

  @Test(arguments: [
    (RunState.differing, Message.Kind.differs), (.cancelled, .cancelled), (.finalized, .finalized),
    (.rolledBack, .rolledBack),
  ])
  func `each end is told`(_ state: RunState, _ kind: Message.Kind) {
    let messages = DecisionTests.messages { story in
      story.change(to: .running)
      story.change(to: state)
    }
    #expect(messages.map(\.kind) == [kind])
  }

  @Test func `a comparison that fails, and a failure on the way back, are told though no state says failed`() {
    let unverified = DecisionTests.messages { story in
      story.change(to: .applied)
      story.change(to: .verifying)
      story.tell(.failed(error: "source: gone", advice: nil))
      story.change(to: .applied)
    }
    #expect(unverified.map(\.kind) == [.unverified] && unverified[0].error == "source: gone")
    let back = DecisionTests.messages { story in
      story.change(to: .rollingBack)
      story.tell(.failed(error: "locked", advice: nil))
    }
    #expect(
      back.map(\.kind) == [.failed] && back[0].next.map(\.command) == ["locktender rollback \(SampleReport.run)"])
  }

  @Test func `rejected rows need a person`() {
    let messages = DecisionTests.messages { story in
      story.change(to: .running)
      story.tell(.rejected(stream: "t", rows: 2, reason: "no time"))
      story.change(to: .applied)
      story.change(to: .verifying)
      story.change(to: .verified)
    }
    #expect(messages.map(\.kind) == [.incomplete] && messages[0].subject.contains("2 rows rejected"))
  }

  @Test func `an error of before is not told again once the run goes on`() {
    let messages = DecisionTests.messages { story in
      story.change(to: .running)
      story.tell(.failed(error: "first", advice: nil))
      story.change(to: .failed)
      story.change(to: .running)
      story.change(to: .failed)
    }
    #expect(messages.map(\.error) == ["first", nil])
  }

  @Test func `silence and long waiting are told once, and again after a sign of life`() {
    var story = Story()
    story.change(to: .waiting)
    var decision = MessageDecision(
      run: SampleReport.run, part: DecisionTests.part, patience: .init(waiting: 3600, silence: 60))
    for event in story.events { #expect(decision.take(event) == nil) }
    func tick(after seconds: Double) -> Message.Kind? {
      decision.tick(at: story.now.advanced(seconds: seconds))?.kind
    }
    #expect(tick(after: 3599) == nil)
    #expect(tick(after: 3601) == .waiting)
    #expect(tick(after: 9000) == nil)
    story.wait(9000)
    story.change(to: .running)
    #expect(decision.take(story.events.last!) == nil)
    #expect(tick(after: 59) == nil && tick(after: 61) == .silent && tick(after: 600) == nil)
    story.wait(600)
    story.tell(.progress(Progress(step: "s", rowsDone: 1)))
    #expect(decision.take(story.events.last!) == nil)
    #expect(tick(after: 30) == nil && tick(after: 90) == .silent)
    // Whoever has ended may be silent.
    story.change(to: .applied)
    #expect(decision.take(story.events.last!) == nil && tick(after: 1e6) == nil)
  }

  @Test func `the JSON says the same as the text, and has a format`() throws {
    let message = DecisionTests.messages { $0.change(to: .cancelled) }[0]
    let json = try decodeJSON(PlainValue.self, from: message.json())
    guard case .record(let members) = json else {
      Issue.record("no object")
      return
    }
    #expect(members["format"] == .integer(1) && members["kind"] == .text("cancelled"))
    #expect(members["needsPerson"] == .flag(false) && members["state"] == .text("cancelled"))
    #expect(members["text"] == .text("\(message.subject)\n\n\(message.text)"))
    #expect(members["next"] == .list(message.next.map { .text($0.command) }))
  }
}
