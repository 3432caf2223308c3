import Base

@testable import Migration

/// Secrets by name, made of plain text.
struct KnownSecrets: SecretProvider {
  let texts: [String: String]

  func secret(for name: String) throws -> SecretBytes? {
    guard let text = texts[name] else { return nil }
    let bytes = Array(text.utf8)
    return SecretBytes(copying: bytes.span)
  }
}
