import Base
import Database
import Glibc
import TestSupport
import Testing

@testable import Administration

/// How quickly logs are captured, in processor time of this thread. The aims are 50,000 records and 100,000 lines a
/// second; since others share the caches, a test fails only where two thirds of that are not reached.
@Suite(.serialized) struct CaptureSpeedTests {
  private func processorSeconds() -> Double {
    var time = timespec()
    unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  private func rate(_ log: any CapturedLog, _ folder: TestFolder) throws -> Double {
    let raw = folder / "raw"
    try log.fetch(into: raw) { _ in }
    var best = 0.0
    for round in 0..<3 {
      let start = processorSeconds()
      let tally = try log.capture(raw, into: folder / "capture.\(round).db") { _ in }
      best = max(best, Double(tally.carried) / (processorSeconds() - start))
    }
    return best
  }

  @Test func `an accesslog is captured as quickly as it must be`() throws {
    let folder = try TestFolder()
    let path = try SharedData.unpack("slapd-accesslog.ldif", into: folder)
    let rate = try rate(AccesslogFileLog(path: path), folder)
    print("accesslog: \(Int(rate)) records/s")
    #expect(rate > 50_000 * 2 / 3)
  }

  @Test func `audit logs are captured as quickly as they must be`() throws {
    let folder = try TestFolder()
    let path = try SharedData.unpack("samba-audit.jsonl", into: folder)
    let rate = try rate(SambaAuditLog(files: [path]), folder)
    print("audit log: \(Int(rate)) lines/s")
    #expect(rate > 100_000 * 2 / 3)
  }
}
