import Base
import Subprocess
import Testing

@testable import Cryptography

/// Beside openssl(1), which does the other half.
struct RSATests {
  private func openssl(_ arguments: [String]) throws {
    try Command("openssl", arguments).run(timeout: .seconds(60)).requireSuccess()
  }

  private func bytes(_ secret: borrowing SecretBytes) -> [UInt8] { secret.bytes.indices.map { secret.bytes[$0] } }

  @Test func `what openssl encrypts is decrypted, in both paddings and in no other`() throws {
    let folder = try TemporaryFolder()
    let key = try RSAKey(bits: 2_048)
    let (publicKey, message) = (
      try folder.write(key.publicKey.der, to: "key.der"), try folder.write(Array("a key".utf8), to: "message")
    )
    for (name, padding, wrong) in [
      ("sha256", RSAKey.Padding.sha256, RSAKey.Padding.sha1), ("sha1", .sha1, .sha256),
    ] {
      let file = folder.path + "/" + name
      try openssl([
        "pkeyutl", "-encrypt", "-pubin", "-keyform", "DER", "-inkey", publicKey, "-in", message, "-out", file,
        "-pkeyopt", "rsa_padding_mode:oaep", "-pkeyopt", "rsa_oaep_md:\(name)", "-pkeyopt", "rsa_mgf1_md:\(name)",
      ])
      let encrypted = try content(file)
      let decrypted = try key.decrypt(encrypted.span, padding)
      #expect(bytes(decrypted) == Array("a key".utf8))
      let code = failure { () throws(CryptographyError) in _ = try key.decrypt(encrypted.span, wrong) }
      #expect(code == .authenticationFailed)
    }
  }

  private func content(_ path: String) throws -> [UInt8] { try CryptographyTests.bytes(ofFile: path) }

  @Test func `openssl decrypts what is encrypted, and verifies what is signed`() throws {
    let folder = try TemporaryFolder()
    let key = try RSAKey(bits: 2_048)
    let exported = try key.exported()
    let (privateFile, publicFile) = (
      try folder.write(bytes(exported), to: "private.der"), try folder.write(key.publicKey.der, to: "public.der")
    )
    let text = Array("the new key".utf8)
    let encrypted = try folder.write(try key.publicKey.encrypt(text.span), to: "encrypted")
    try openssl([
      "pkeyutl", "-decrypt", "-keyform", "DER", "-inkey", privateFile, "-in", encrypted, "-out",
      folder.path + "/plain", "-pkeyopt", "rsa_padding_mode:oaep", "-pkeyopt", "rsa_oaep_md:sha256", "-pkeyopt",
      "rsa_mgf1_md:sha256",
    ])
    #expect(try content(folder.path + "/plain") == text)
    let (message, signature) = (
      try folder.write(text, to: "message"), try folder.write(try key.sign(text.span), to: "signature")
    )
    try openssl([
      "dgst", "-sha256", "-keyform", "DER", "-verify", publicFile, "-sigopt", "rsa_padding_mode:pss", "-sigopt",
      "rsa_pss_saltlen:digest", "-signature", signature, message,
    ])
  }

  @Test func `what is not as it was fails, and says nothing more`() throws {
    let key = try RSAKey(bits: 2_048)
    let text = Array("the new key".utf8)
    let (encrypted, signature) = (try key.publicKey.encrypt(text.span), try key.sign(text.span))
    try key.publicKey.verify(signature.span, of: text.span)
    for position in [0, 1, 100, 255] {
      var (changed, forged) = (encrypted, signature)
      changed[position] ^= 1
      forged[position] ^= 1
      let decryption = failure { () throws(CryptographyError) in _ = try key.decrypt(changed.span, .sha256) }
      let verification = failure { () throws(CryptographyError) in
        try key.publicKey.verify(forged.span, of: text.span)
      }
      #expect(decryption == .authenticationFailed && verification == .authenticationFailed)
    }
    let short = failure { () throws(CryptographyError) in
      _ = try key.decrypt(encrypted.span.extracting(1...), .sha256)
    }
    let tooLong = [UInt8](repeating: 1, count: 191)
    let long = failure { () throws(CryptographyError) in _ = try key.publicKey.encrypt(tooLong.span) }
    #expect(short == .authenticationFailed && long == .invalidParameter)
  }

  @Test func `keys that are too small, of another algorithm, or in another form are refused`() throws {
    let folder = try TemporaryFolder()
    for (name, arguments) in [
      ("small", ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"]), ("other", ["-algorithm", "ED25519"]),
    ] {
      let (privateFile, publicFile) = ("\(folder.path)/\(name).private", "\(folder.path)/\(name).public")
      try openssl(["genpkey"] + arguments + ["-outform", "DER", "-out", privateFile])
      try openssl(["pkey", "-inform", "DER", "-in", privateFile, "-pubout", "-outform", "DER", "-out", publicFile])
      let (secret, open) = (try content(privateFile), try content(publicFile))
      let first = failure { () throws(CryptographyError) in _ = try RSAKey(der: secret.span) }
      let second = failure { () throws(CryptographyError) in _ = try RSAPublicKey(der: open.span) }
      #expect(first == .invalidKey && second == .invalidKey, "\(name)")
    }
    let key = try RSAKey(bits: 2_048)
    let secret = try key.exported()
    let exported = bytes(secret)
    for (secret, open) in [(exported + [0], key.publicKey.der + [0]), ([], []), ([0x30, 0], [0x30, 0])] {
      let first = failure { () throws(CryptographyError) in _ = try RSAKey(der: secret.span) }
      let second = failure { () throws(CryptographyError) in _ = try RSAPublicKey(der: open.span) }
      #expect(first == .invalidKey && second == .invalidKey)
    }
    let again = try RSAKey(der: exported.span)
    #expect(again.publicKey == key.publicKey)
    let bits = failure { () throws(CryptographyError) in _ = try RSAKey(bits: 1_024) }
    #expect(bits == .invalidParameter)
  }
}
