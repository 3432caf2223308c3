internal import Base

/// What an encrypted file says of itself before its content: the first 72 bytes, in clear.
///
/// Authenticated only when the file is decrypted with its key. See `docs/formats/encrypted-file.md`.
public struct EncryptedFileHeader: Equatable, Sendable {
  /// Where the key of the file comes from.
  public enum KeySource: Equatable, Sendable {
    /// A key of 32 bytes with this name.
    case key(KeyID)
    /// A passphrase, by Argon2id at this cost with the file's salt.
    case passphrase(Argon2id.Cost)
  }

  /// The only version so far. A later version of this program reads all earlier versions of the format.
  public static let version: UInt16 = 1

  public let keySource: KeySource
  let salt: [UInt8]

  static let magic = Array("LTSEALED".utf8)
  static let saltByteCount = 32
  /// Chunks are 2¹⁶ bytes.
  static let chunkExponent: UInt8 = 16
  static let plainByteCount = 72
  static let macByteCount = 32
  static let byteCount = plainByteCount + macByteCount

  init(keySource: KeySource, salt: [UInt8]) {
    invariant(salt.count == EncryptedFileHeader.saltByteCount, "a salt of \(salt.count) bytes")
    self.keySource = keySource
    self.salt = salt
  }

  /// The bytes without their authentication code.
  var plainBytes: [UInt8] {
    var bytes = EncryptedFileHeader.magic
    appendBigEndian(EncryptedFileHeader.version, to: &bytes)
    let keyID: [UInt8]
    let cost: Argon2id.Cost
    switch keySource {
    case .key(let id):
      bytes.append(1)
      keyID = id.bytes
      cost = Argon2id.Cost(memoryKiB: 0, iterations: 0, lanes: 0)
    case .passphrase(let chosen):
      bytes.append(2)
      keyID = [UInt8](repeating: 0, count: KeyID.byteCount)
      cost = chosen
    }
    bytes.append(EncryptedFileHeader.chunkExponent)
    bytes += keyID + salt
    for number in [cost.memoryKiB, cost.iterations, cost.lanes] { appendBigEndian(number, to: &bytes) }
    return bytes
  }

  /// Reads the header from the start of a file.
  ///
  /// - Throws: `unknownFormat` for another magic or version and for values that no writer makes,
  ///   `invalidParameter` for a cost out of bounds.
  public init(bytes: Span<UInt8>) throws(CryptographyError) {
    let doing = "read the header of an encrypted file"
    func unknown(_ reason: String, _ advice: String? = nil) -> CryptographyError {
      CryptographyError(.unknownFormat, doing: doing, reason: reason, advice: advice)
    }
    func number(at offset: Int) -> UInt32 {
      (0..<4).reduce(0) { $0 << 8 | UInt32(bytes[offset + $1]) }
    }
    guard bytes.count >= EncryptedFileHeader.byteCount,
      EncryptedFileHeader.magic.indices.allSatisfy({ bytes[$0] == EncryptedFileHeader.magic[$0] })
    else { throw unknown("not an encrypted file of this program") }
    let version = UInt16(bytes[8]) << 8 | UInt16(bytes[9])
    guard version == EncryptedFileHeader.version else {
      throw unknown("version \(version)", "use the version of locktender that wrote the file, or a later one")
    }
    guard bytes[11] == EncryptedFileHeader.chunkExponent else { throw unknown("another chunk size") }
    let id = (12..<28).map { bytes[$0] }
    let cost = Argon2id.Cost(memoryKiB: number(at: 60), iterations: number(at: 64), lanes: number(at: 68))
    switch bytes[10] {
    case 1:
      guard cost == Argon2id.Cost(memoryKiB: 0, iterations: 0, lanes: 0) else {
        throw unknown("a passphrase cost beside a key")
      }
      keySource = .key(KeyID(bytes: id))
    case 2:
      guard id.allSatisfy({ $0 == 0 }) else { throw unknown("a key id beside a passphrase") }
      guard cost.isAcceptable else {
        throw CryptographyError(.invalidParameter, doing: doing, reason: "a passphrase cost out of bounds")
      }
      keySource = .passphrase(cost)
    default:
      throw unknown("key source \(bytes[10])")
    }
    salt = (28..<60).map { bytes[$0] }
  }
}
