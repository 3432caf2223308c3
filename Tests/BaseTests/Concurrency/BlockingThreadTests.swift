import Base
import Glibc
import Testing

struct BlockingThreadTests {
  private actor Confined {
    private let thread: BlockingThread
    private var count = 0
    private var calls: [Int] = []

    init(_ thread: BlockingThread) { self.thread = thread }

    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe thread.asUnownedSerialExecutor() }

    func add() -> Bool {
      count += 1
      return thread.isCurrent
    }

    func across(_ other: Plain) async -> Bool {
      await other.add()
      count += 1
      return thread.isCurrent
    }

    var total: Int { count }
  }

  private actor Plain {
    var count = 0
    func add() { count += 1 }
  }

  @Test func `an actor's work runs on its thread, before and after waiting`() async {
    let thread = BlockingThread(name: "confined")
    let actor = Confined(thread)
    let plain = Plain()
    await withTaskGroup(of: Bool.self) { group in
      for index in 0..<1000 {
        group.addTask { index % 2 == 0 ? await actor.add() : await actor.across(plain) }
      }
      for await isThere in group { #expect(isThere) }
    }
    #expect(await actor.total == 1000)
    #expect(await plain.count == 500)
    #expect(!thread.isCurrent)
  }

  @Test func `a task that prefers the thread runs there and may use other actors`() async {
    let thread = BlockingThread(name: "preferred")
    let plain = Plain()
    await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<200 {
        group.addTask(executorPreference: thread) {
          let before = thread.isCurrent
          await plain.add()
          await Task.yield()
          return before && thread.isCurrent
        }
      }
      for await isThere in group { #expect(isThere) }
    }
    #expect(await plain.count == 200)
  }

  @Test func `threads that block do not hold up the others`() async {
    // More blocked threads than the pool has: each waits for the next one's word.
    let count = 8
    var ends: [[Int32]] = []
    for _ in 0..<count {
      var pair: [Int32] = [0, 0]
      #expect(unsafe pipe(&pair) == 0)
      ends.append(pair)
    }
    let pipes = ends
    await withTaskGroup(of: Void.self) { group in
      for index in 0..<count {
        group.addTask(executorPreference: BlockingThread(name: "blocked \(index)")) {
          var byte: UInt8 = 0
          if index < count - 1 { _ = unsafe read(pipes[index][0], &byte, 1) }
          if index > 0 { _ = unsafe write(pipes[index - 1][1], &byte, 1) }
        }
      }
    }
    for pair in pipes {
      close(pair[0])
      close(pair[1])
    }
  }

  @Test func `a thread may lose its last reference on itself`() async {
    for _ in 0..<100 {
      var thread: BlockingThread? = BlockingThread(name: "brief")
      let task = Task(executorPreference: thread) { [thread] in thread?.isCurrent ?? false }
      thread = nil
      #expect(await task.value)
    }
  }
}
