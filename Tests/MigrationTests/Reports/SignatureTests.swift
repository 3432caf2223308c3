import Base
import Cryptography
import TestSupport
import Testing

@testable import Migration

struct SignatureTests {
  @Test func `openssl accepts the signatures of a report and of its page, with the key and commands of the page`()
    async throws
  {
    let platform = try SmallPlatform()
    let run = try await platform.run()
    let files = platform.files(of: run)
    let keys = ReportKeys(platform.engine.workplace)
    let page = try Base.Files.readText(files.reportPage, limit: 1 << 24)
    // The page has the key, so that an auditor needs no other file than the signatures.
    let start = try #require(page.firstRange(of: "-----BEGIN PUBLIC KEY-----")).lowerBound
    let end = try #require(page.firstRange(of: "-----END PUBLIC KEY-----")).upperBound
    let key = platform.folder / "report-signing.pub.pem"
    try Base.Files.write(String(page[start..<end]) + "\n", to: key)
    #expect(try Base.Files.read(key, limit: 4096) == Base.Files.read(keys.publicKey, limit: 4096))
    for path in [files.report, files.reportPage] {
      let outcome = try Tool.run(
        "openssl",
        ["pkeyutl", "-verify", "-pubin", "-inkey", key, "-rawin", "-in", path, "-sigfile", path + ".sig"])
      #expect(outcome.status == 0, "\(outcome.text)\(outcome.errorText)")
    }
    let der = try Tool.check("openssl", ["pkey", "-pubin", "-in", key, "-outform", "DER"]).output
    #expect(try platform.engine.report(run).signingKey == sha256(der).description)
    #expect(page.contains(sha256(try Base.Files.read(files.report, limit: 1 << 24)).description))
  }

  @Test func `the private key is made once and belongs to its owner alone`() async throws {
    let platform = try SmallPlatform()
    let keys = ReportKeys(platform.engine.workplace)
    _ = try await platform.run()
    let first = try Base.Files.read(keys.privateKey, limit: 4096)
    _ = try await platform.run()
    #expect(try Base.Files.read(keys.privateKey, limit: 4096) == first)
    #expect(try Base.Files.status(of: keys.privateKey).permissions == 0o600)
    #expect(try Base.Files.status(of: keys.folder).permissions == 0o700)
    #expect(try Base.Files.status(of: keys.publicKey).permissions == 0o644)
  }

  @Test func `many that make the key at once agree on one`() async throws {
    let folder = try TestFolder()
    let keys = ReportKeys(folder: folder / "keys")
    let made = try await withThrowingTaskGroup(of: [UInt8].self) { group in
      for _ in 0..<16 { group.addTask { try keys.signingKey().verificationKey.bytes } }
      return try await group.reduce(into: Set<[UInt8]>()) { $0.insert($1) }
    }
    #expect(made.count == 1)
  }

  @Test func `a key that others may read is not used`() async throws {
    let platform = try SmallPlatform()
    _ = try await platform.run()
    let keys = ReportKeys(platform.engine.workplace)
    try Tool.check("chmod", ["640", keys.privateKey])
    let error = #expect(throws: MigrationError.self) { _ = try keys.signingKey() }
    #expect(error?.code == .damaged && error?.advice?.contains("chmod 600") == true)
  }

  @Test(arguments: ["byte", "signature", "no signature", "long signature", "other key", "no key", "other run"])
  func `a report that was tampered with is refused`(_ kind: String) async throws {
    let platform = try SmallPlatform()
    let run = try await platform.run()
    let files = platform.files(of: run)
    let keys = ReportKeys(platform.engine.workplace)
    let signature = files.report + ".sig"
    _ = try platform.engine.report(run)
    switch kind {
    case "byte":
      var bytes = try Base.Files.read(files.report, limit: 1 << 24)
      bytes[bytes.count / 2] ^= 1
      try Base.Files.write(bytes, to: files.report)
    case "signature":
      var bytes = try Base.Files.read(signature, limit: 64)
      bytes[10] ^= 0x40
      try Base.Files.write(bytes, to: signature)
    case "no signature": try Base.Files.remove(signature)
    case "long signature": try Base.Files.write(try Base.Files.read(signature, limit: 64) + [0], to: signature)
    case "other key": try Base.Files.write(SigningKey().verificationKey.pem, to: keys.publicKey)
    case "no key": try Base.Files.remove(keys.publicKey)
    default:
      let other = platform.files(of: try await platform.run())
      for name in ["", ".sig"] {
        try Base.Files.copy(other.report + name, to: files.report + name, replacing: true)
      }
    }
    let error = #expect(throws: MigrationError.self) { _ = try platform.engine.report(run) }
    #expect(error?.code == .damaged, "\(String(describing: error))")
    #expect(error?.advice != nil)
    // Whatever was done to it, comparing again mends it.
    try await platform.engine.verify(run)
    #expect(try platform.engine.report(run).run == run)
  }

  @Test func `what is no report, or one of another format, is told as such`() throws {
    for (text, reason) in [
      ("", "no report"), ("{}", "no report"), ("[1]", "no report"), (#"{"format":7}"#, "format is 7"),
      (#"{"format":1}"#, "does not have its fields"),
    ] {
      let error = #expect(throws: MigrationError.self) { try Report.read(Array(text.utf8)) }
      #expect(error?.reason.contains(reason) == true)
    }
  }
}
