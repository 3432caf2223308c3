import Directory
import Glibc
import Subprocess
import Testing

/// The record of a real server under load, where it lies beside the checkout.
struct AccessLogFileTests {
  private static let packed = sharedFolder + "/data/slapd-accesslog.ldif.xz"
  private static let isPresent = unsafe access(packed, R_OK) == 0

  @Test(.enabled(if: isPresent, "no ../shared/data/slapd-accesslog.ldif.xz beside the checkout"))
  func `every entry of a real access log is read, and is found again`() throws {
    let folder = try temporaryFolder()
    defer { #expect(throws: Never.self) { try remove(folder) } }
    let path = folder + "/log.ldif"
    try Command("sh", ["-c", "xz -dc \"$0\" > \"$1\"", AccessLogFileTests.packed, path]).run().requireSuccess()
    var kinds = [String: Int]()
    var failed = 0
    var some = [(LDIFPosition, PlainEntry)]()
    var values = 0
    let before = ContinuousClock.now
    try LDIFFile.forEachEntry(in: path) { entry, position in
      kinds[entry.string("objectclass") ?? "", default: 0] += 1
      if entry.string("reqResult") == "32" { failed += 1 }
      values += entry.count
      if some.count * 500 < values / 20 { some.append((position, PlainEntry(entry))) }
    }
    print("read in \(before.duration(to: .now)): \(kinds), \(values) values")
    #expect(kinds.values.reduce(0, +) == 12_481)
    #expect(kinds["auditContainer"] == 1)
    #expect(failed == 748)
    #expect(some.count > 10)
    for (position, entry) in some {
      let again = try LDIFFile.entry(at: position, in: path)
      #expect(PlainEntry(again) == entry)
    }
    // A second opinion on the values, unfolded by another program.
    let counted = try Command(
      "sh", ["-c", "sed -e ':a' -e '$!N;s/\\n //;ta' -e 'P;D' \"$0\" | grep -c '^[a-zA-Z].*:'", path]
    ).run()
    let lines = try #require(Int(counted.text.dropLast()))
    #expect(values == lines - 12_481)
  }
}
