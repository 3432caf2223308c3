import Base
import Glibc
import Testing

struct FileLockTests {
  @Test func `a lock excludes a second one until it is given back`() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("lock")
    do {
      let lock = try FileLock.acquire(path)
      #expect(lock.path == path)
      let error = #expect(throws: FileError.self) { _ = try FileLock.acquire(path) }
      #expect(error?.code == .locked)
      #expect(error?.reason.contains("process \(getpid())") == true)
      #expect(try isHeld(path))
      lock.release()
    }
    #expect(try !isHeld(path))
    do {
      let lock = try FileLock.acquire(path)
      _ = lock.path
    }
    #expect(try !isHeld(path), "the end of the scope releases")
  }

  @Test func `a look at a lock takes nothing and changes nothing`() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("lock")
    #expect(try !FileLock.isHeld(path))
    #expect(try !Files.exists(path), "a look makes no file")
    try Files.write("someone's number\n", to: path)
    #expect(try !FileLock.isHeld(path))
    #expect(try Files.readText(path, limit: 100) == "someone's number\n")
    let lock = try FileLock.acquire(path)
    #expect(try FileLock.isHeld(path))
    // Whoever looks meanwhile is nobody that the lock could be refused for.
    lock.release()
    #expect(try !FileLock.isHeld(path))
  }

  @Test func `an error is not mistaken for a held lock`() throws {
    let folder = try TemporaryFolder()
    let error = #expect(throws: FileError.self) { _ = try FileLock.attempt(folder.path("no/lock")) }
    #expect(error?.code == .notFound)
  }

  @Test func `a lock file that was removed and made again is locked anew`() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("lock")
    let lock = try FileLock.acquire(path)
    try Files.remove(path)
    #expect(try !isHeld(path), "the new file is another one")
    lock.release()
  }

  @Test func `a lock of a process that is killed is free at once`() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("lock")
    let program = """
      import fcntl, struct, os, sys, time
      f = os.open('\(path)', os.O_RDWR | os.O_CREAT, 0o600)
      fcntl.fcntl(f, 37, struct.pack('hhqqi', fcntl.F_WRLCK, 0, 0, 0, 0))
      os.write(f, b'%d' % os.getpid())
      print(os.getpid(), flush=True)
      time.sleep(600)
      """
    try Files.write(program, to: folder.path("hold.py"))
    let pipe = unsafe try #require(popen("exec python3 '\(folder.path("hold.py"))'", "r"))
    var line = [CChar](repeating: 0, count: 32)
    unsafe fgets(&line, 32, pipe)
    let process = unsafe pid_t(atoi(line))
    #expect(process > 0)
    let error = #expect(throws: FileError.self) { _ = try FileLock.acquire(path) }
    #expect(error?.code == .locked)
    #expect(error?.reason.hasSuffix("held by process \(process)") == true)
    kill(process, SIGKILL)
    unsafe pclose(pipe)
    #expect(try !isHeld(path))
  }

  private func isHeld(_ path: String) throws -> Bool {
    if let lock = try FileLock.attempt(path) {
      lock.release()
      return false
    }
    return true
  }
}
