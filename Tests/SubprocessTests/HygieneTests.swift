import Glibc
import Subprocess
import Testing

struct HygieneTests {
  @Test func `no descriptor of this process reaches a program, even one without close-on-exec`() throws {
    let leak = unsafe open("/etc/passwd", O_RDONLY)
    defer { close(leak) }
    #expect(leak > 2)
    // ls has one more of its own: the folder that it reads.
    let result = try Command("ls", ["/proc/self/fd"]).run()
    #expect(result.text == "0\n1\n2\n3\n")
  }

  @Test func `a program dies of a closed pipe although this process does not`() throws {
    ignoreBrokenPipes()
    let result = try Command("/bin/bash", ["-c", "yes | head -1; echo ${PIPESTATUS[0]}"]).run()
    #expect(result.text == "y\n141\n")
  }

  @Test func `a program blocks no signals, whatever this thread blocks`() throws {
    var mask = sigset_t()
    var old = sigset_t()
    unsafe sigemptyset(&mask)
    unsafe sigaddset(&mask, SIGTERM)
    unsafe pthread_sigmask(SIG_BLOCK, &mask, &old)
    defer { unsafe pthread_sigmask(SIG_SETMASK, &old, nil) }
    let result = try Command("grep", ["SigBlk", "/proc/self/status"]).run()
    #expect(result.text == "SigBlk:\t0000000000000000\n")
  }

  @Test(.enabled(if: geteuid() == 0, "only root can change the user"))
  func `a program runs as another user without any group of root`() throws {
    let nobody = try UserIdentity.named("nobody")
    let result = try script("id -u; id -g; id -G; echo \"$0 $1\"", user: nobody).run().requireSuccess()
    #expect(result.text == "\(nobody.uid)\n\(nobody.gid)\n\(nobody.gid)\n/bin/sh \n")
    let refused = Command("cat", ["/etc/shadow"], user: nobody)
    #expect(try refused.run().status == .exited(1))
  }

  @Test func `a user that does not exist is not found`() {
    #expect(failure { () throws(SubprocessError) in _ = try UserIdentity.named("no-such-user") } == .notFound)
  }
}
