internal import TestSupport
internal import Testing

@Suite struct ToolTests {
  @Test func `output and errors of any size come apart`() throws {
    let many = [UInt8](repeating: 0x61, count: 1_000_000)
    let outcome = try Tool.run(
      "sh", ["-c", "cat; cat /dev/null; head -c 300000 /dev/zero >&2; exit 7"], input: many)
    #expect(outcome.status == 7)
    #expect(outcome.output == many)
    #expect(outcome.errors.count == 300_000)
  }

  @Test func `a program that does not read its input is no trouble`() throws {
    #expect(try Tool.run("true", input: [UInt8](repeating: 0, count: 1_000_000)).status == 0)
  }

  @Test func `a program that takes too long is killed`() throws {
    let folder = try TestFolder()
    #expect(throws: SupportError.self) {
      try Tool.run("sh", ["-c", "echo $$ > \(folder / "pid"); exec sleep 100"], atMost: .milliseconds(300))
    }
    let pid = String(decoding: try folder.read("pid"), as: UTF8.self).dropLast()
    #expect(!Files.exists("/proc/\(pid)"))
  }

  @Test func `a signal shows in the status`() throws {
    #expect(try Tool.run("sh", ["-c", "kill -9 $$"]).status == 137)
  }

  @Test func `a missing program is told with what to do`() throws {
    let error = #expect(throws: SupportError.self) { try Tool.run("no-such-program") }
    #expect(error?.code == .unavailable)
    #expect(error?.advice == "make setup")
  }

  @Test(.enabled(if: Account.forServers != nil, "needs root")) func `an account is dropped to for good`() throws {
    let account = try #require(Account.forServers)
    #expect(try Tool.run("id", ["-u"], as: account).text == "\(account.user)\n")
    #expect(
      try Tool.run("sh", ["-c", "grep NoNewPrivs /proc/self/status"], as: account).text == "NoNewPrivs:\t1\n")
  }
}
