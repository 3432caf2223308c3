import Base
import Glibc
import Subprocess
import Testing

@testable import Cryptography

/// The published attacks on implementations, where the vectors lie beside the checkout; they are not part of it.
struct WycheproofTests {
  /// `../shared/vectors` relative to the checkout, or `vectors` in the folder that LOCKTENDER_SHARED names.
  private static let folder: String = {
    if let shared = unsafe getenv("LOCKTENDER_SHARED") { return unsafe String(cString: shared) + "/vectors" }
    return "/" + #filePath.split(separator: "/").dropLast(5).joined(separator: "/") + "/shared/vectors"
  }()
  private static let isPresent = unsafe access(folder + "/wycheproof-ed25519_test.json.xz", R_OK) == 0

  /// The given fields of each test, hexadecimal or `-`, then its result.
  private func cases(_ file: String, group: [String], test: [String]) throws -> [[String]] {
    let program = """
      import json, lzma, sys
      for group in json.load(lzma.open(sys.argv[1]))["testGroups"]:
        outer = [group["publicKey"][name] for name in sys.argv[2].split(",") if name]
        for test in group["tests"]:
          fields = outer + [str(test[name]) for name in sys.argv[3].split(",")] + [test["result"]]
          print(" ".join(field or "-" for field in fields))
      """
    let arguments = [
      "-c", program, "\(WycheproofTests.folder)/wycheproof-\(file)_test.json.xz", group.joined(separator: ","),
      test.joined(separator: ","),
    ]
    let result = try Command("/usr/bin/python3", arguments).run(timeout: .seconds(60)).requireSuccess()
    return result.text.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
  }

  private func field(_ text: String) -> [UInt8] { text == "-" ? [] : hex(text) }

  @Test(.enabled(if: isPresent, "no vectors at ../shared/vectors beside the checkout"))
  func `every Ed25519 case is accepted or refused as published`() throws {
    let cases = try cases("ed25519", group: ["pk"], test: ["msg", "sig"])
    #expect(cases.count >= 150)
    for fields in cases {
      let (keyBytes, message, signature) = (field(fields[0]), field(fields[1]), field(fields[2]))
      let code = failure { () throws(CryptographyError) in
        try VerificationKey(bytes: keyBytes.span).verify(signature.span, of: message.span)
      }
      #expect(code == (fields[3] == "valid" ? nil : .authenticationFailed), "\(fields)")
    }
  }

  @Test(.enabled(if: isPresent, "no vectors at ../shared/vectors beside the checkout"))
  func `every HKDF case gives what is published`() throws {
    let cases = try cases("hkdf_sha256", group: [], test: ["ikm", "salt", "info", "size", "okm"])
    #expect(cases.count >= 80)
    for fields in cases {
      let (key, salt, info) = (field(fields[0]), field(fields[1]), field(fields[2]))
      var output = [UInt8](repeating: 0, count: try #require(Int(fields[3])))
      let code = failure { () throws(CryptographyError) in
        var span = output.mutableSpan
        try HKDF.sha256(inputKey: key.span, salt: salt.span, info: info.span, into: &span)
      }
      #expect((code == nil) == (fields[5] == "valid"), "\(fields)")
      if code == nil { #expect(output == field(fields[4]), "\(fields)") }
    }
  }

  @Test(.enabled(if: isPresent, "no vectors at ../shared/vectors beside the checkout"))
  func `every HKDF-SHA512 case gives what is published`() throws {
    let cases = try cases("hkdf_sha512", group: [], test: ["ikm", "salt", "info", "size", "okm"])
    #expect(cases.count >= 80)
    for fields in cases {
      let (key, salt, info) = (field(fields[0]), field(fields[1]), field(fields[2]))
      var output = [UInt8](repeating: 0, count: try #require(Int(fields[3])))
      let code = failure { () throws(CryptographyError) in
        var span = output.mutableSpan
        try HKDF.derive(.sha512, inputKey: key.span, salt: salt.span, info: info.span, into: &span)
      }
      #expect((code == nil) == (fields[5] == "valid"), "\(fields)")
      if code == nil { #expect(output == field(fields[4]), "\(fields)") }
    }
  }

  @Test(.enabled(if: isPresent, "no vectors at ../shared/vectors beside the checkout"))
  func `every PBKDF2 case gives what is published`() throws {
    let cases = try cases(
      "pbkdf2_hmacsha256", group: [], test: ["password", "salt", "iterationCount", "dkLen", "dk"])
    #expect(cases.count >= 60)
    for fields in cases {
      let (passphrase, salt) = (field(fields[0]), field(fields[1]))
      var output = [UInt8](repeating: 0, count: try #require(Int(fields[3])))
      var span = output.mutableSpan
      try PBKDF2.sha256(
        passphrase: passphrase.span, salt: salt.span, rounds: try #require(Int(fields[2])), into: &span)
      #expect(output == field(fields[4]), "\(fields)")
    }
  }

  @Test(.enabled(if: isPresent, "no vectors at ../shared/vectors beside the checkout"))
  func `every X25519 case agrees as published, and on zeros never`() throws {
    let cases = try cases("x25519", group: [], test: ["public", "private", "shared"])
    #expect(cases.count >= 500)
    for fields in cases {
      let (publicBytes, privateBytes, shared) = (field(fields[0]), field(fields[1]), field(fields[2]))
      let agreed = agreement(.x25519, publicBytes, privateBytes)
      if shared.allSatisfy({ $0 == 0 }) {
        #expect(agreed == nil, "\(fields)")
      } else if fields[3] == "valid" || agreed != nil {
        #expect(agreed == shared, "\(fields)")
      }
    }
  }

  @Test(.enabled(if: isPresent, "no vectors at ../shared/vectors beside the checkout"))
  func `every agreement on P-521 gives what is published, or is refused`() throws {
    // The header of an uncompressed P-521 key in DER (RFC 5480); what has another one is no such key.
    let header = hex("30819b301006072a8648ce3d020106052b81040023038186 00")
    let cases = try cases("ecdh_secp521r1", group: [], test: ["public", "private", "shared"])
    #expect(cases.count >= 900)
    var agreements = 0
    for fields in cases {
      let (publicKey, shared) = (field(fields[0]), field(fields[2]))
      guard publicKey.starts(with: header) else {
        #expect(fields[3] != "valid", "\(fields)")
        continue
      }
      // A number, with or without zeros before it.
      let scalar = field(fields[1].count.isMultiple(of: 2) ? fields[1] : "0" + fields[1]).drop { $0 == 0 }
      guard scalar.count <= 66 else { continue }
      let agreed = agreement(
        .p521, Array(publicKey[header.count...]), [UInt8](repeating: 0, count: 66 - scalar.count) + scalar)
      if fields[3] == "valid" {
        #expect(agreed == shared, "\(fields)")
        agreements += 1
      } else {
        #expect(agreed == nil || fields[3] == "acceptable" && agreed == shared, "\(fields)")
      }
    }
    #expect(agreements > 400)
  }

  private func agreement(_ curve: Curve, _ publicBytes: [UInt8], _ privateBytes: [UInt8]) -> [UInt8]? {
    do {
      let key = try AgreementPublicKey(curve, bytes: publicBytes.span)
      let agreed = try AgreementKey(curve, bytes: privateBytes.span).agree(with: key)
      return agreed.bytes.indices.map { agreed.bytes[$0] }
    } catch {
      return nil
    }
  }

  @Test(.enabled(if: isPresent, "no vectors at ../shared/vectors beside the checkout"))
  func `every ECDSA case on P-521 is accepted or refused as published`() throws {
    let cases = try cases("ecdsa_secp521r1_sha512", group: ["uncompressed"], test: ["msg", "sig"])
    #expect(cases.count >= 500)
    var verified = 0
    for fields in cases {
      let (keyBytes, message, encoded) = (field(fields[0]), field(fields[1]), field(fields[2]))
      // Signatures are stored in a form of fixed length: what is no canonical DER has none.
      let fixed = P521Signature.fixed(encoded[...]).flatMap { fixed in
        P521Signature.encoded(fixed.span) == encoded ? fixed : nil
      }
      guard let fixed else {
        #expect(fields[3] == "invalid", "\(fields)")
        continue
      }
      let code = failure { () throws(CryptographyError) in
        try P521VerificationKey(bytes: keyBytes.span).verify(fixed.span, of: message.span)
      }
      #expect(code == (fields[3] == "valid" ? nil : .authenticationFailed), "\(fields)")
      verified += 1
    }
    #expect(verified > 200)
  }
}
