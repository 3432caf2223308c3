import Base
import Database
import Glibc
import TestSupport
import Testing

@testable import Administration

@Suite(.startsServers, .serialized) struct ScratchTests {
  @Test func `a scratch server serves on its socket and is gone with its folder`() throws {
    var folder: ScratchFolder? = try ScratchFolder()
    let path = try #require(folder?.path)
    var server: ScratchServer? = try ScratchServer(ServerPrograms.find(), in: #require(folder))
    try server?.createDatabase("probe", encoding: "UTF8")
    let location = try #require(server?.location("probe"))
    let connection = try Connection.open(location, options: .readWrite)
    #expect(try connection.serverFacts().encoding == "UTF8")
    #expect(try connection.serverSetting("listen_addresses") == "")
    #expect(try Base.Files.status(of: path).permissions == 0o700)
    let pid = try #require(
      try Base.Files.readText(path + "/data/postmaster.pid", limit: 4096).split(separator: "\n").first)
    try connection.close()
    server = nil
    folder = nil
    #expect(!isAlive(Int32(pid) ?? 1))
    #expect(try !Base.Files.exists(path))
  }

  @Test func `a scratch server ends with its process, and the next one clears what it left`() async throws {
    let note = try TestFolder(.own)
    let file: String = note / "left"
    await #expect(processExitsWith: .signal(SIGKILL)) { [file = file as String] in
      let folder = try ScratchFolder()
      let server = try ScratchServer(ServerPrograms.find(), in: folder)
      let pid = try Base.Files.readText(folder.path("data/postmaster.pid"), limit: 4096).split(separator: "\n")[0]
      try Base.Files.write("\(folder.path)\n\(pid)", to: file)
      withExtendedLifetime(server) { _ = kill(getpid(), SIGKILL) }
    }
    let lines = try Base.Files.readText(file, limit: 4096).split(separator: "\n").map(String.init)
    let pid = try #require(Int32(lines[1]))
    let deadline = ContinuousClock.now + .seconds(20)
    while isAlive(pid), ContinuousClock.now < deadline { try await Task.sleep(for: .milliseconds(20)) }
    #expect(!isAlive(pid))
    // Another test that makes a folder just now may have cleared it already.
    let next = try ScratchFolder()
    #expect(try !Base.Files.exists(lines[0]))
    #expect(try Base.Files.exists(next.path))
  }

  @Test func `a scratch folder that is in use is left alone by the next one`() throws {
    let first = try ScratchFolder()
    let second = try ScratchFolder()
    #expect(first.path != second.path)
    #expect(try Base.Files.exists(first.path("lock")))
  }

  @Test func `scratch folders that are made at once take none of each other`() async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<6 {
        group.addTask {
          for _ in 0..<150 {
            let folder = try ScratchFolder()
            let isThere = try Base.Files.exists(folder.path("lock"))
            #expect(isThere)
          }
        }
      }
      try await group.waitForAll()
    }
  }

  @Test func `the newest complete installation is found, and an older one refuses a newer server`() throws {
    let programs = try ServerPrograms.find()
    #expect(programs.majorVersion >= 15)
    for program in ServerPrograms.needed { #expect(try Base.Files.exists(programs.path(program))) }
    try programs.requireDump(of: 90_600)
    try programs.requireDump(of: programs.majorVersion * 10_000 + 99)
    let error = #expect(throws: AdministrationError.self) {
      try programs.requireDump(of: (programs.majorVersion + 1) * 10_000)
    }
    #expect(error?.advice?.contains("postgresql-\(programs.majorVersion + 1)") == true)
  }
}
