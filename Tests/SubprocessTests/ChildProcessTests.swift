import Glibc
import Subprocess
import Testing

struct ChildProcessTests {
  @Test func `a child runs until it is told to end`() throws {
    var child = try ChildProcess(Command("sleep", ["60"]))
    #expect(try child.isRunning())
    #expect(failure { () throws(SubprocessError) in _ = try child.wait(timeout: .milliseconds(50)) } == .timedOut)
    let status = try child.terminate()
    #expect(status == .killed(signal: SIGTERM))
    let again = try child.terminate()
    #expect(again == status)
    #expect(try !child.isRunning())
  }

  @Test func `a child can end in its own way, by the signal that it wants`() throws {
    let folder = try temporaryFolder()
    defer { #expect(throws: Never.self) { try remove(folder) } }
    var child = try ChildProcess(
      script("trap 'echo bye; exit 5' INT; echo ready; while :; do sleep 0.05; done"),
      output: .appended(to: folder + "/log"))
    // The trap stands when the word is in the file.
    try script("until grep -q ready \(folder)/log; do :; done").run(timeout: .seconds(20)).requireSuccess()
    #expect(try child.terminate(signal: .interrupt) == .exited(5))
    #expect(try Command("cat", [folder + "/log"]).run().text == "ready\nbye\n")
  }

  @Test func `a child that ignores the signal is killed after the grace`() throws {
    let folder = try temporaryFolder()
    defer { #expect(throws: Never.self) { try remove(folder) } }
    var child = try ChildProcess(
      script("trap '' TERM; echo ready; while :; do sleep 0.05; done"), output: .appended(to: folder + "/log"))
    try script("until grep -q ready \(folder)/log; do :; done").run(timeout: .seconds(20)).requireSuccess()
    #expect(try child.terminate(grace: .milliseconds(100)) == .killed(signal: SIGKILL))
  }

  @Test func `what a child started and left behind ends with it`() throws {
    let folder = try temporaryFolder()
    defer { #expect(throws: Never.self) { try remove(folder) } }
    var child = try ChildProcess(script("sleep 600 & echo $!; wait"), output: .appended(to: folder + "/log"))
    try script("until grep -q . \(folder)/log; do :; done").run(timeout: .seconds(20)).requireSuccess()
    let pid = try #require(Int32(try Command("cat", [folder + "/log"]).run().text.dropLast()))
    #expect(runs(pid))
    #expect(try child.terminate() == .killed(signal: SIGTERM))
    // Its reaper may need a moment.
    try script("while kill -0 \(pid) 2>/dev/null && ! grep -q '^State:.Z' /proc/\(pid)/status; do :; done")
      .run(timeout: .seconds(20)).requireSuccess()
  }

  @Test func `a child does not outlive its value`() throws {
    func start() throws -> Int32 { try ChildProcess(Command("sleep", ["60"])).pid }
    let pid = try start()
    #expect(!runs(pid))
  }

  @Test func `a detached program outlives the process that started it`() async throws {
    let folder = try temporaryFolder()
    defer { #expect(throws: Never.self) { try remove(folder) } }
    await #expect(processExitsWith: .success) { [folder = folder as String] in
      let identity = try Command("sleep", ["600"]).startDetached(output: "/dev/null", errors: "/dev/null")
      try script("echo \(identity.pid) > \(folder)/pid").run().requireSuccess()
    }
    let pid = try #require(Int32(try Command("cat", [folder + "/pid"]).run().text.dropLast()))
    let identity = try ProcessIdentity(pid: pid)
    #expect(identity.isRunning)
    try identity.terminate()
    #expect(!identity.isRunning)
  }

  @Test func `a detached program has a session of its own and no terminal`() throws {
    let folder = try temporaryFolder()
    defer { #expect(throws: Never.self) { try remove(folder) } }
    let identity = try script("echo out; echo err >&2; exec sleep 60")
      .startDetached(output: folder + "/out", errors: folder + "/err")
    #expect(identity.isRunning)
    let session = try Command("ps", ["-o", "sid=,tty=", "-p", "\(identity.pid)"]).run().text
    #expect(session.split(separator: " ").first.map(String.init) == "\(identity.pid)")
    #expect(session.contains("?"))
    try script("until grep -q err \(folder)/err; do :; done").run(timeout: .seconds(20)).requireSuccess()
    #expect(try Command("cat", [folder + "/out"]).run().text == "out\n")
    try identity.terminate()
    #expect(!identity.isRunning)
    try identity.terminate()
  }

  @Test func `a process with a used-again number is not taken for the one that was meant`() throws {
    var child = try ChildProcess(Command("sleep", ["60"]))
    let real = try ProcessIdentity(pid: child.pid)
    #expect(real.isRunning)
    let earlier = ProcessIdentity(pid: child.pid, startTicks: real.startTicks - 1, bootID: real.bootID)
    let otherBoot = ProcessIdentity(pid: child.pid, startTicks: real.startTicks, bootID: "another")
    for identity in [earlier, otherBoot] {
      #expect(!identity.isRunning)
      try identity.terminate()
    }
    #expect(try child.isRunning())
    try child.terminate()
    #expect(!real.isRunning)
    #expect(failure { () throws(SubprocessError) in _ = try ProcessIdentity(pid: child.pid) } == .notFound)
  }
}
