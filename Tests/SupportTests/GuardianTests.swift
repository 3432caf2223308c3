internal import Glibc
internal import TestSupport
internal import Testing

@Suite(.startsServers) struct GuardianTests {
  @Test func `a killed test process leaves no server and no folder`() async throws {
    let notes = try TestFolder()
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = notes.path as String] in
      let server = try PrivatePostgres(.init(isDurable: false))
      server.freeze()  // even stopped processes must go
      try Files.write(Array("\(server.processID!) \(server.host)".utf8), to: "\(path)/server")
      kill(getpid(), SIGKILL)
    }
    let words = String(decoding: try notes.read("server"), as: UTF8.self).split(separator: " ")
    let (pid, folder) = (try #require(Int32(words[0])), String(words[1]))
    let deadline = ContinuousClock.now + .seconds(30)
    while isAlive(pid) || Files.exists(folder), ContinuousClock.now < deadline { usleep(20_000) }
    #expect(!isAlive(pid))
    #expect(!Files.exists(folder))
  }

  @Test func `a test process that ends well has ended all before it is gone`() async throws {
    let notes = try TestFolder()
    await #expect(processExitsWith: .success) { [path = notes.path as String] in
      let server = try PrivatePostgres.shared()
      try Files.write(Array("\(server.processID!) \(server.host)".utf8), to: "\(path)/server")
      exit(0)
    }
    let words = String(decoding: try notes.read("server"), as: UTF8.self).split(separator: " ")
    #expect(!isAlive(try #require(Int32(words[0]))))
    #expect(!Files.exists(String(words[1])))
  }
}
