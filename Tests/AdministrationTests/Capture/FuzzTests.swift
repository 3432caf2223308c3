import Base
import Database
import Migration
import TestSupport
import Testing

@testable import Administration

/// Logs that were damaged at random: no reader crashes, and import and verifier agree on what is left.
@Suite struct FuzzTests {
  /// Flips, drops, doubles and inserts a few pieces.
  private func mutate(_ bytes: [UInt8], _ random: inout TestSupport.SeededGenerator) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<Int.random(in: 1...12, using: &random) {
      guard !bytes.isEmpty else { break }
      let place = Int.random(in: 0..<bytes.count, using: &random)
      let end = min(bytes.count, place + Int.random(in: 1...60, using: &random))
      switch Int.random(in: 0..<7, using: &random) {
      case 0: bytes[place] ^= 1 << UInt8.random(in: 0...7, using: &random)
      case 1: bytes[place] = UInt8.random(in: 0...255, using: &random)
      case 2: bytes.removeSubrange(place..<end)
      case 3: bytes.insert(contentsOf: Array(bytes[place..<end]), at: place)
      case 4: bytes.insert(contentsOf: random.bytes(1...8), at: place)
      case 5: bytes.insert(UInt8(ascii: "\n"), at: place)
      default:
        let words = [":", ": ", ":: ", ":+ ", " +>\n", "\"", "{", "}", "\\u0000", "null", "-1", "=", "#"]
        bytes.insert(contentsOf: words[Int.random(in: 0..<words.count, using: &random)].utf8, at: place)
      }
    }
    return bytes
  }

  /// Captures and verifies without the rest of a run; what a reader refuses as a whole is fine.
  private func carry(_ log: any CapturedLog, _ folder: TestFolder, isSamba: Bool) throws {
    let raw = folder / "raw"
    let path = folder / "capture.db"
    for file in [raw, path, raw + ".seen"] where TestSupport.Files.exists(file) { try Base.Files.remove(file) }
    try log.fetch(into: raw) { _ in }
    let tally: CaptureTally
    do {
      tally = try log.capture(raw, into: path) { _ in }
    } catch {
      return
    }
    let capture = try CaptureFile.openForReading(path)
    let good = try capture.integer("select count(*) from record where fault is null") ?? 0
    let keys = try capture.integer("select count(distinct key) from record") ?? 0
    #expect(keys == (try capture.integer("select count(*) from record")) ?? 0)
    let imported = isSamba ? try Readings.imported(bundle: raw) : try Readings.imported(ldif: raw).lines
    let verified = isSamba ? try Readings.verified(bundle: raw) : try Readings.verified(ldif: raw)
    let expected = Set(verified)
    let odd = expected.symmetricDifference(imported.filter { !$0.hasPrefix("!") })
    #expect(odd.map { String($0.suffix(400)) } == [])
    #expect(expected.count == Int(good), "\(tally)")
  }

  @Test func `no damage to an accesslog crashes a reader`() throws {
    let logs = try ["accesslog.ldif", "accesslog-kinds.ldif"].map { try TestSupport.Files.read(Fixture.path($0)) }
    let folder = try TestFolder()
    try seededRun(count: 10) { _, random in
      for round in 0..<20 {
        let path = try folder.write(mutate(logs[round % 2], &random), to: "log.ldif")
        try carry(AccesslogFileLog(path: path), folder, isSamba: false)
      }
    }
  }

  @Test func `no damage to audit logs crashes a reader`() throws {
    let names = ["samba-audit.1.jsonl", "samba-audit.2.jsonl", "log.samba"]
    let logs = try names.map { try TestSupport.Files.read(Fixture.path($0)) }
    let folder = try TestFolder()
    try seededRun(count: 10) { _, random in
      for _ in 0..<20 {
        let paths = try zip(names, logs).map { try folder.write(mutate($1, &random), to: $0) }
        try carry(SambaAuditLog(files: paths), folder, isSamba: true)
      }
    }
  }
}
