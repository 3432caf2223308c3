import Subprocess
import Testing

struct RunTests {
  @Test func `arguments arrive as they are, since no shell reads them`() throws {
    let strange = ["", "a b", "$HOME", "`id`", "*", "\"", "'", "-n", "ä\n"]
    let result = try Command("printf", ["%s|"] + strange).run()
    #expect(result.text == strange.map { $0 + "|" }.joined())
    #expect(result.status == .exited(0))
  }

  @Test func `the ending tells the status or the signal`() throws {
    #expect(try script("exit 7").run().status == .exited(7))
    #expect(try script("kill -9 $$").run().status == .killed(signal: 9))
    #expect(
      failure { () throws(SubprocessError) in try script("exit 7").run().requireSuccess() } == .failed(.exited(7)))
  }

  @Test func `output and errors are kept apart`() throws {
    let result = try script("echo one; echo two >&2; echo three").run()
    #expect(result.text == "one\nthree\n")
    #expect(result.errorText == "two\n")
  }

  @Test func `a program that does not exist is not found, with or without a user`() {
    for program in ["/no/such/program", "no-such-program-anywhere"] {
      #expect(failure { () throws(SubprocessError) in _ = try Command(program).run() } == .notFound)
      let other = Command(program, user: UserIdentity(uid: 65534, gid: 65534))
      #expect(failure { () throws(SubprocessError) in _ = try other.run() } == .notFound)
    }
    #expect(failure { () throws(SubprocessError) in _ = try Command("/etc/passwd").run() } == .denied)
  }

  @Test func `megabytes go in and come out without either side waiting for ever`() throws {
    let input = (0..<5_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    let result = try Command("cat").run(input: input.span, timeout: .seconds(60))
    #expect(result.output == input)
  }

  @Test func `a program that does not read its input is no error`() throws {
    let input = [UInt8](repeating: 1, count: 1_000_000)
    let result = try script("exit 3").run(input: input.span)
    #expect(result.status == .exited(3))
  }

  @Test func `no input means an empty one, not that of this process`() throws {
    #expect(try Command("cat").run(timeout: .seconds(10)).output.isEmpty)
  }

  @Test func `more output than is to be kept stops the program`() {
    let code = failure { () throws(SubprocessError) in
      _ = try script("yes").run(timeout: .seconds(30), outputLimit: 10_000)
    }
    #expect(code == .tooMuchOutput)
  }

  @Test func `of too many errors the last are kept`() throws {
    let result = try script("seq 1 20000 >&2").run(outputLimit: 12)
    #expect(result.errorText == "19999\n20000\n")
  }

  @Test func `time runs out for a program that ignores SIGTERM, and for what it started`() throws {
    let folder = try temporaryFolder()
    defer { #expect(throws: Never.self) { try remove(folder) } }
    let stubborn = script(
      "trap '' TERM; sh -c 'trap \"\" TERM; echo $$ > \(folder)/pid; while :; do sleep 1; done'")
    let before = ContinuousClock.now
    let code = failure { () throws(SubprocessError) in _ = try stubborn.run(timeout: .milliseconds(500)) }
    #expect(code == .timedOut)
    #expect(before.duration(to: .now) < .seconds(20))
    let pid = try #require(Int32(try Command("cat", [folder + "/pid"]).run().text.dropLast()))
    // The kernel has sent SIGKILL; the grandchild is reaped by whoever adopts orphans.
    try script("while kill -0 \(pid) 2>/dev/null && ! grep -q '^State:.Z' /proc/\(pid)/status; do :; done")
      .run(timeout: .seconds(20)).requireSuccess()
    #expect(!runs(pid))
  }

  @Test func `a program left in the background does not hold up the run`() throws {
    let before = ContinuousClock.now
    let result = try script("sleep 30 & echo $!").run(timeout: .seconds(20))
    #expect(before.duration(to: .now) < .seconds(15))
    let pid = try #require(Int32(result.text.dropLast()))
    #expect(runs(pid))
    try ProcessIdentity(pid: pid).terminate()
  }

  @Test func `output is streamed in order, and the consumer can stop the program`() throws {
    struct Enough: Error {}
    var streamed = [UInt8]()
    let result = try Command("seq", ["1", "200000"]).stream { chunk in
      for index in chunk.indices { streamed.append(chunk[index]) }
    }
    #expect(result.status.isSuccess && result.output.isEmpty)
    #expect(streamed == (1...200_000).map { "\($0)\n" }.joined().utf8.map(\.self))
    var seen = 0
    let code = failure { () throws(SubprocessError) in
      _ = try Command("yes").stream { chunk in
        seen += chunk.count
        if seen > 100_000 { throw Enough() }
      }
    }
    #expect(code == .interrupted)
  }

  @Test func `the environment is what was asked for`() throws {
    let exact = try Command("/usr/bin/env", environment: .exactly(["A": "1", "B": "x=y"])).run()
    #expect(exact.text == "A=1\nB=x=y\n")
    let added = try Command("/usr/bin/env", environment: .inherited(adding: ["LOCKTENDER_TEST": "ü"])).run()
    #expect(added.text.contains("LOCKTENDER_TEST=ü\n"))
    #expect(added.text.contains("PATH="))
  }

  @Test func `the program starts in the folder it was given`() throws {
    #expect(try Command("pwd", folder: "/usr/lib").run().text == "/usr/lib\n")
    let missing = Command("pwd", folder: "/no/such/folder")
    #expect(failure { () throws(SubprocessError) in _ = try missing.run() } == .notFound)
  }
}
