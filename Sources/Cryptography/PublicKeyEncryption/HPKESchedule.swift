internal import Base

/// Key and nonce of one message, from what two keys agree on (RFC 9180, sections 4.1 and 5.1).
struct HPKESchedule: ~Copyable {
  let key: SymmetricKey
  /// The base nonce, which is that of the first message. There is no second.
  let nonce: [UInt8]

  static func derive(
    _ suite: HPKE.Suite, _ agreed: Span<UInt8>, _ encapsulation: [UInt8], _ recipient: [UInt8], info: Span<UInt8>
  ) throws(CryptographyError) -> HPKESchedule {
    let ids = suite.identifiers
    let kem = HPKELabels(suite.hash, "KEM", [ids.kem])
    let whole = HPKELabels(suite.hash, "HPKE", [ids.kem, ids.kdf, ids.aead])

    let agreedKey = try kem.extract(agreed, salt: Span(), "eae_prk")
    let shared = try kem.expand(
      agreedKey.bytes, "shared_secret", encapsulation + recipient, count: suite.hash.byteCount)

    // Base mode: its number, and no key that both sides had before.
    var context: [UInt8] = [0]
    try whole.extract(Span(), salt: Span(), "psk_id_hash").append(to: &context)
    try whole.extract(info, salt: Span(), "info_hash").append(to: &context)
    let secret = try whole.extract(Span(), salt: shared.bytes, "secret")
    let key = try whole.expand(secret.bytes, "key", context, count: SymmetricKey.byteCount)
    var nonce: [UInt8] = []
    try whole.expand(secret.bytes, "base_nonce", context, count: AES256GCM.nonceByteCount).append(to: &nonce)
    return HPKESchedule(key: try SymmetricKey(bytes: key.bytes), nonce: nonce)
  }
}

/// The labelled derivations of RFC 9180, section 4.
struct HPKELabels {
  private let hash: HashAlgorithm
  /// The version of the scheme, then the suite's identifier.
  private let prefix: [UInt8]

  init(_ hash: HashAlgorithm, _ name: StaticString, _ identifiers: [UInt16]) {
    self.hash = hash
    var prefix = Array("HPKE-v1\(name)".utf8)
    for identifier in identifiers { appendBigEndian(identifier, to: &prefix) }
    self.prefix = prefix
  }

  func extract(
    _ key: Span<UInt8>, salt: Span<UInt8>, _ label: StaticString
  ) throws(CryptographyError) -> SecretBytes {
    let labels = prefix + Array("\(label)".utf8)
    var labelled = SecretBytes(zeros: labels.count + key.count)
    labelled.withMutableBytes { bytes in
      for index in labels.indices { bytes[index] = labels[index] }
      for index in key.indices { bytes[labels.count + index] = key[index] }
    }
    var output = SecretBytes(zeros: hash.byteCount)
    var span = output.mutableBytes
    try HKDF.extract(hash, inputKey: labelled.bytes, salt: salt, into: &span)
    return output
  }

  func expand(
    _ key: Span<UInt8>, _ label: StaticString, _ info: [UInt8], count: Int
  ) throws(CryptographyError) -> SecretBytes {
    var labelled: [UInt8] = []
    appendBigEndian(UInt16(count), to: &labelled)
    labelled += prefix + Array("\(label)".utf8) + info
    var output = SecretBytes(zeros: count)
    var span = output.mutableBytes
    try HKDF.expand(hash, key: key, info: labelled.span, into: &span)
    return output
  }
}

extension SecretBytes {
  /// For what only looks like a secret.
  fileprivate func append(to bytes: inout [UInt8]) {
    for index in self.bytes.indices { bytes.append(self.bytes[index]) }
  }
}
