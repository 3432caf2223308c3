import Base
import Glibc
import Testing

struct SecretBytesTests {
  private func secret(_ text: String) -> SecretBytes { SecretBytes(copying: Array(text.utf8).span) }

  private func text(_ secret: borrowing SecretBytes) -> String {
    secret.withBytes { String(decoding: array($0), as: UTF8.self) }
  }

  @Test func `taking bytes out of an array wipes the array`() {
    var bytes: [UInt8] = Array("hunter2".utf8)
    let secret = SecretBytes(taking: &bytes)
    #expect(bytes.isEmpty)
    #expect(text(secret) == "hunter2")
  }

  @Test func `random secrets differ and a prefix keeps the first bytes`() {
    let first = SecretBytes.random(count: 300)
    let second = SecretBytes.random(count: 300)
    #expect(text(first) != text(second))
    #expect(first.withBytes { Set(array($0)).count } > 100)
    let start = first.withBytes { array($0.extracting(..<16)) }
    #expect(first.prefix(16).withBytes { array($0) } == start)
  }

  @Test func `the memory of a secret is gone at the end of its scope`() {
    var address: UInt = 0
    func use() {
      let secret = secret("a marker that is looked for")
      address = secret.withBytes { unsafe $0.withUnsafeBytes { UInt(bitPattern: $0.baseAddress) } }
      #expect(isMapped(address))
      #expect(secret.isLocked || geteuid() != 0)
    }
    use()
    #expect(!isMapped(address))
  }

  private func isMapped(_ address: UInt) -> Bool {
    var residence: UInt8 = 0
    return unsafe mincore(UnsafeMutableRawPointer(bitPattern: address & ~4095), 1, &residence) == 0
  }

  @Test func `many secrets come and go without using up the memory`() {
    for index in 0..<20_000 {
      let secret = SecretBytes.random(count: 32)
      #expect(secret.count == 32, "\(index)")
    }
  }

  @Test func `a secret is read from a private file, without the line break that editors add`() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("key")
    for (content, wanted) in [("abc", "abc"), ("abc\n", "abc"), ("abc\r\n", "abc"), ("abc\n\n", "abc\n")] {
      try Files.write(content, to: path)
      let secret = try SecretBytes.read(file: path)
      #expect(text(secret) == wanted)
    }
    let whole = try SecretBytes.read(file: path, keepingLineBreak: true)
    #expect(text(whole) == "abc\n\n")
    let exact = try SecretBytes.read(file: path, limit: 5, keepingLineBreak: true)
    #expect(exact.count == 5)
    #expect(try #require(throws: SecretError.self) { try read(path, limit: 4) }.code == .tooLong)
    try Files.write("\n", to: path)
    #expect(try #require(throws: SecretError.self) { try read(path) }.code == .empty)
  }

  private func read(_ path: String, limit: Int = 100) throws {
    _ = try SecretBytes.read(file: path, limit: limit)
  }

  @Test(arguments: [0o640, 0o604, 0o620, 0o666, 0o610] as [UInt32])
  func `a file that others may read is refused with what to do`(permissions: UInt32) throws {
    let folder = try TemporaryFolder()
    let path = folder.path("key")
    try Files.write("hunter2", to: path, permissions: permissions)
    let error = try #require(throws: SecretError.self) { try read(path) }
    #expect(error.code == .exposed)
    #expect(error.advice?.contains("chmod 600 \(path)") == true)
    #expect(explain(error).contains("mode \(String(permissions, radix: 8))"))
    #expect(!explain(error).contains("hunter2"))
    let missing = try #require(throws: SecretError.self) { try read(folder.path("none")) }
    #expect(missing.code == .unreadable)
  }

  @Test func `a secret taken from the environment is no longer there`() async {
    await #expect(processExitsWith: .success) {
      unsafe setenv("LOCKTENDER_TEST_SECRET", "hunter2", 1)
      let secret = SecretBytes.take(environmentVariable: "LOCKTENDER_TEST_SECRET")
      guard let secret, secret.withBytes({ array($0) }) == Array("hunter2".utf8) else { exit(2) }
      if unsafe getenv("LOCKTENDER_TEST_SECRET") != nil { exit(3) }
      if SecretBytes.take(environmentVariable: "LOCKTENDER_TEST_SECRET") != nil { exit(4) }
    }
  }

  @Test func `core dumps can be switched off`() async {
    await #expect(processExitsWith: .success) {
      guard disableCoreDumps() else { exit(2) }
      var limit = rlimit()
      unsafe getrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit)
      if limit.rlim_max != 0 { exit(3) }
    }
  }
}
