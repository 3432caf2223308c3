import Base
import Cryptography
import Glibc
import Subprocess
import Testing

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
}
