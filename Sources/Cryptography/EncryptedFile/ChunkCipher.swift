internal import Base

/// The chunks of an encrypted file, sealed or opened one after the other: the STREAM construction (Hoang,
/// Reyhanitabar, Rogaway, Vizár 2015) as the file format of age uses it.
///
/// A nonce is the chunk's number in 11 bytes, then 1 for the last chunk and 0 for all others; hence chunks that are
/// dropped, moved or added do not open.
struct ChunkCipher: ~Copyable {
  static let chunkByteCount = 1 << 16
  static let sealedByteCount = chunkByteCount + AES256GCM.tagByteCount

  /// The authentication code of the header, made with the same derivation.
  let headerCode: [UInt8]
  private var cipher: AES256GCM
  private var number: UInt64
  private var ended: Bool

  init(header: EncryptedFileHeader, key: borrowing SymmetricKey) throws(CryptographyError) {
    var keys = SecretBytes(zeros: 64)
    let label = Array("locktender encrypted file 1".utf8)
    var output = keys.mutableBytes
    try HKDF.sha256(inputKey: key.bytes, salt: header.salt.span, info: label.span, into: &output)
    let code = try hmacSHA256(key: keys.bytes.extracting(first: 32), header.plainBytes.span)
    let chunkKey = try SymmetricKey(bytes: keys.bytes.extracting(last: 32))
    headerCode = code
    cipher = AES256GCM(key: chunkKey)
    number = 0
    ended = false
  }

  mutating func seal(
    _ chunk: Span<UInt8>, isLast: Bool, appendingTo output: inout [UInt8]
  ) throws(CryptographyError) {
    invariant(chunk.count == ChunkCipher.chunkByteCount || isLast, "a short chunk that is not the last")
    let nonce = nextNonce(isLast)
    try cipher.seal(chunk, nonce: nonce.span, appendingTo: &output)
  }

  /// - Throws: `authenticationFailed` for a chunk that was changed or stood at another place.
  mutating func open(
    _ sealed: Span<UInt8>, isLast: Bool, appendingTo output: inout [UInt8]
  ) throws(CryptographyError) {
    let emptyTail = sealed.count == AES256GCM.tagByteCount && number > 0
    guard !emptyTail, sealed.count == ChunkCipher.sealedByteCount || isLast else {
      throw CryptographyError(.authenticationFailed, doing: "decrypt a file")
    }
    let nonce = nextNonce(isLast)
    try cipher.open(sealed, nonce: nonce.span, appendingTo: &output)
  }

  private mutating func nextNonce(_ isLast: Bool) -> [UInt8] {
    invariant(!ended, "a chunk behind the last")
    var nonce = [UInt8](repeating: 0, count: AES256GCM.nonceByteCount)
    for index in 0..<8 { nonce[3 + index] = UInt8(truncatingIfNeeded: number >> UInt64(56 - index * 8)) }
    nonce[11] = isLast ? 1 : 0
    number += 1
    ended = isLast
    return nonce
  }
}
