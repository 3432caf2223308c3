import Base
import Database
import TestSupport
import Testing

@testable import Migration

@Suite struct JournalTests {
  private let now = Timestamp(microseconds: 1_790_000_000_000_000)

  @Test func `what was written is there when it is opened again`() throws {
    let folder = try TestFolder()
    do {
      let journal = try Journal(path: folder / "journal.db")
      try journal.advance(.start, at: now)
      try journal.intend(step: "a", at: now)
      try journal.finish(step: "a", digest: "d", at: now)
      try journal.intend(step: "b", at: now)
      try journal.note("n", "1")
      try journal.note("n", "2")
    }
    let journal = try Journal(path: folder / "journal.db")
    #expect(try journal.state() == .running)
    #expect(try journal.status(ofStep: "a") == .done)
    #expect(try journal.status(ofStep: "b") == .intended)
    #expect(try journal.status(ofStep: "c") == .unknown)
    #expect(try journal.note("n") == "2")
    #expect(try journal.transitions().map(\.to) == [.running])
  }

  @Test func `a refused input leaves no trace`() throws {
    let folder = try TestFolder()
    let journal = try Journal(path: folder / "journal.db")
    let error = #expect(throws: MigrationError.self) { try journal.advance(.finalize, at: now) }
    #expect(error?.code == .wrongState && error?.advice != nil)
    #expect(try journal.state() == .planned)
    #expect(try journal.transitions().isEmpty)
  }

  @Test func `a random walk is kept transition by transition`() throws {
    try seededRun(count: 20) { _, random in
      let folder = try TestFolder()
      var expected: [RunState] = []
      var state = RunState.planned
      for _ in 0..<40 {
        let journal = try Journal(path: folder / "journal.db")
        let input = RunState.Input.allCases.randomElement(using: &random)!
        if let next = state.next(input) {
          let (from, to) = try journal.advance(input, at: now)
          try #require(from == state && to == next)
          expected.append(next)
          state = next
        } else {
          #expect(throws: MigrationError.self) { try journal.advance(input, at: now) }
        }
        try #require(try journal.state() == state)
      }
      try #require(try Journal(path: folder / "journal.db").transitions().map(\.to) == expected)
    }
  }

  /// A process that cancels and one that resumes may come at the same moment.
  @Test func `two processes cannot take the same state two ways`() async throws {
    let folder = try TestFolder()
    _ = try Journal(path: folder / "journal.db")
    let now = now
    let ends = try await withThrowingTaskGroup(of: Int.self) { group in
      for input in [RunState.Input.start, .cancel, .block, .wait] {
        let thread = BlockingThread(name: "journal")
        group.addTask {
          try await thread.run {
            let journal = try Journal(path: folder / "journal.db")
            var count = 0
            for _ in 0..<20 {
              do {
                try journal.advance(input, at: now)
                count += 1
              } catch let error as MigrationError where error.code == .wrongState {}
            }
            return count
          }
        }
      }
      return try await group.reduce(0, +)
    }
    let transitions = try Journal(path: folder / "journal.db").transitions()
    #expect(transitions.count == ends)
    var state = RunState.planned
    for transition in transitions {
      #expect(transition.from == state)
      state = transition.to
    }
  }

  private enum Damage: CaseIterable {
    case text, halved, holed, foreign, newer, unknownState
  }

  @Test(arguments: 0..<6) func `a damaged journal is named, with the way out`(_ number: Int) throws {
    let folder = try TestFolder()
    let path = folder / "journal.db"
    do {
      let journal = try Journal(path: path)
      for count in 0..<2_000 { try journal.note("note \(count)", String(repeating: "x", count: 40)) }
      try journal.advance(.start, at: now)
    }
    switch Damage.allCases[number] {
    case .text: try Base.Files.write("no journal, but some text of a person who meant well", to: path)
    case .halved:
      let bytes = try Base.Files.read(path, limit: 1 << 24)
      try Base.Files.write(Array(bytes[..<(bytes.count / 2)]), to: path)
    case .holed:
      var bytes = try Base.Files.read(path, limit: 1 << 24)
      for index in 100..<bytes.count { bytes[index] = 0xA5 }
      try Base.Files.write(bytes, to: path)
    case .foreign:
      try Base.Files.remove(path)
      let other = try Connection.open(.sqlite(path: path), options: .create)
      try other.execute("CREATE TABLE step (something text)")
      try other.close()
    case .newer:
      let other = try Connection.open(.sqlite(path: path), options: .readWrite)
      try other.execute("INSERT INTO journal_schema (version, name) VALUES (99, 'later')")
      try other.close()
    case .unknownState:
      let other = try Connection.open(.sqlite(path: path), options: .readWrite)
      try other.execute("UPDATE transition SET to_state = 'dancing'")
      try other.close()
    }
    let error = #expect(throws: MigrationError.self) {
      let journal = try Journal(path: path)
      _ = try journal.state()
      _ = try journal.note("note 1999")
      _ = try journal.status(ofStep: "a")
    }
    #expect(error?.code == .damaged)
    #expect(error?.advice != nil, "\(error.map { explain($0) } ?? "")")
  }
}
