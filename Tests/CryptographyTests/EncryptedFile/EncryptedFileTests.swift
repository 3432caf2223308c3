import Base
import Cryptography
import Testing

struct EncryptedFileTests {
  private let passphrase = Array("correct horse, Käse ✓".utf8)

  /// The content that `make.py` sealed: SHA-256 of 0, 1, 2 … in four bytes.
  private func content(_ count: Int) -> [UInt8] {
    var hasher = SHA256Hasher()
    var content = [UInt8]()
    var number: UInt32 = 0
    while content.count < count {
      let bytes = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
      content += hasher.digest(of: bytes.span).bytes
      number += 1
    }
    return Array(content[..<count])
  }

  private func vectorKey() throws -> SymmetricKey { try SymmetricKey(bytes: Array(UInt8(0)..<32).span) }

  private func vectorPath(_ name: String) -> String {
    "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/") + "/Vectors/encrypted-file/\(name)"
  }

  @Test(arguments: ["empty": 0, "short": 1000, "one-chunk": 65536, "two-chunks": 66536, "passphrase": 1000])
  func `files of the second implementation are decrypted`(name: String, count: Int) throws {
    let folder = try TemporaryFolder()
    let source = vectorPath("good-\(name).sealed")
    let target = folder.path + "/plain"
    if name == "passphrase" {
      try EncryptedFile.decrypt(source, to: target, passphrase: passphrase.span)
    } else {
      try EncryptedFile.decrypt(source, to: target, key: vectorKey())
    }
    let plain = try bytes(ofFile: target)
    #expect(plain == content(count))
    #expect(folder.names == ["plain"])
  }

  @Test func `every bad file is refused for its own reason and leaves nothing behind`() throws {
    let key = try vectorKey()
    let vectors = try fileNames(in: vectorPath(""))
    let bad = vectors.filter { $0.hasPrefix("bad-") }
    #expect(bad.count >= 20)
    for name in bad {
      let folder = try TemporaryFolder()
      let source = vectorPath(name)
      let target = folder.path + "/plain"
      let expected = CryptographyError.Code(rawValue: String(name.split(separator: "-")[1]))
      var code = failure { () throws(CryptographyError) in
        try EncryptedFile.decrypt(source, to: target, key: key)
      }
      // A file for a passphrase says so before its cost is looked at.
      if expected == .invalidParameter {
        code = failure { () throws(CryptographyError) in
          try EncryptedFile.decrypt(source, to: target, passphrase: passphrase.span)
        }
      }
      #expect(code == expected && code != nil, "\(name)")
      #expect(folder.names == [], "\(name)")
    }
  }

  @Test(arguments: [0, 1, 65535, 65536, 65537, 131072, 300_000])
  func `what is encrypted comes back, with a key and with a passphrase`(count: Int) throws {
    let folder = try TemporaryFolder()
    var generator = SeededGenerator()
    print("seed \(generator.seed)")
    let plain = generator.bytes(count)
    let source = try folder.write(plain, to: "source")
    let key = SymmetricKey()
    try EncryptedFile.encrypt(source, to: folder.path + "/sealed", key: key)
    try EncryptedFile.decrypt(folder.path + "/sealed", to: folder.path + "/opened", key: key)
    let opened = try bytes(ofFile: folder.path + "/opened")
    #expect(opened == plain)
    let header = try EncryptedFile.header(of: folder.path + "/sealed")
    #expect(header.keySource == .key(key.id))

    let cost = Argon2id.Cost(memoryKiB: 64, iterations: 1, lanes: 1)
    try EncryptedFile.encrypt(source, to: folder.path + "/sealed2", passphrase: passphrase.span, cost: cost)
    try EncryptedFile.decrypt(folder.path + "/sealed2", to: folder.path + "/opened2", passphrase: passphrase.span)
    let openedAgain = try bytes(ofFile: folder.path + "/opened2")
    #expect(openedAgain == plain)
    let wrong: [UInt8] = [1]
    let code = failure { () throws(CryptographyError) in
      try EncryptedFile.decrypt(folder.path + "/sealed2", to: folder.path + "/never", passphrase: wrong.span)
    }
    #expect(code == .authenticationFailed)
    #expect(folder.names == ["opened", "opened2", "sealed", "sealed2", "source"])
  }

  @Test func `progress counts every byte, and can stop the work without a trace`() throws {
    struct Enough: Error {}
    let folder = try TemporaryFolder()
    let source = try folder.write([UInt8](repeating: 5, count: 200_000), to: "source")
    var seen = [Int64]()
    try EncryptedFile.encrypt(source, to: folder.path + "/sealed", key: SymmetricKey()) { seen.append($0) }
    #expect(seen == [65536, 131072, 196608, 200000])
    let code = failure { () throws(CryptographyError) in
      try EncryptedFile.encrypt(source, to: folder.path + "/other", key: SymmetricKey()) {
        if $0 > 100_000 { throw Enough() }
      }
    }
    #expect(code == .interrupted)
    #expect(folder.names == ["sealed", "source"])
  }

  @Test func `a file that exists is never replaced`() throws {
    let folder = try TemporaryFolder()
    let source = try folder.write([1, 2, 3], to: "source")
    let taken = try folder.write([4], to: "taken")
    let code = failure { () throws(CryptographyError) in
      try EncryptedFile.encrypt(source, to: taken, key: SymmetricKey())
    }
    #expect(code == .file)
    let kept = try bytes(ofFile: taken)
    #expect(kept == [4])
  }

  @Test func `a key file is read only when its owner alone can read it and it has 32 bytes`() throws {
    let folder = try TemporaryFolder()
    let key = SymmetricKey()
    try key.write(toFile: folder.path + "/key")
    let again = try SymmetricKey(file: folder.path + "/key")
    #expect(again.id == key.id)
    #expect(SymmetricKey().id != key.id)
    let open = try folder.write([UInt8](repeating: 1, count: 32), to: "open", mode: 0o644)
    let long = try folder.write([UInt8](repeating: 1, count: 33), to: "long")
    let short = try folder.write([UInt8](repeating: 1, count: 31), to: "short")
    for path in [open, long, short] {
      let code = failure { () throws(CryptographyError) in _ = try SymmetricKey(file: path) }
      #expect(code == .invalidKey, "\(path)")
    }
    let missing = failure { () throws(CryptographyError) in _ = try SymmetricKey(file: folder.path + "/no") }
    #expect(missing == .file)
  }
}
