internal import Base
internal import Cryptography

/// The detached Ed25519 signature (RFC 8032) of a file, 64 bytes in a file beside it: `report.json.sig`.
struct ReportSignature {
  let path: String

  init(of file: String) { path = file + ".sig" }

  func exists() throws -> Bool { try Files.exists(path) }

  /// Whether it was made with the key over exactly these bytes.
  func fits(_ bytes: [UInt8], _ key: VerificationKey) throws -> Bool {
    guard try Files.status(of: path).size == VerificationKey.signatureByteCount else { return false }
    let signature = try Files.read(path, limit: VerificationKey.signatureByteCount)
    do {
      try key.verify(signature.span, of: bytes.span)
      return true
    } catch {
      return false
    }
  }

  func write(over bytes: [UInt8], with key: borrowing SigningKey) throws {
    let signature = try key.sign(bytes.span)
    try Files.write(signature.span, to: path, permissions: 0o644)
  }
}
