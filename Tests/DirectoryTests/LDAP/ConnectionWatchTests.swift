import Glibc
import Testing

@testable import Directory

struct ConnectionWatchTests {
  @Test(.timeLimit(.minutes(1)))
  func `a socket that comes when time is up already ends at once`() throws {
    var ends: [Int32] = [-1, -1]
    #expect(unsafe socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
    defer { ends.forEach { close($0) } }
    let watch = ConnectionWatch(answerTimeout: .seconds(60))
    let (code, timedOut) = watch.during(.milliseconds(1)) {
      // As long as the look at names and dead addresses takes.
      while !watch.hasFired {}
      watch.take(ends[0])
      var byte: UInt8 = 0
      return Int32(unsafe recv(ends[0], &byte, 1, 0))
    }
    #expect(code == 0)
    #expect(timedOut)
  }
}
