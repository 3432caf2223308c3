internal import Base

/// A digest of 256 bits, kept as four machine words so that it is compared and summed without allocation.
public struct Digest256: Hashable, Sendable, Codable, CustomStringConvertible {
  /// The words, the most significant first: the digest's bytes are their big-endian forms in this order.
  public let word0, word1, word2, word3: UInt64

  @inlinable
  public init(_ word0: UInt64, _ word1: UInt64, _ word2: UInt64, _ word3: UInt64) {
    self.word0 = word0
    self.word1 = word1
    self.word2 = word2
    self.word3 = word3
  }

  /// Reads 32 bytes; nil for any other length.
  public init?(bytes: Span<UInt8>) {
    guard bytes.count == 32 else { return nil }
    self.init(
      bigEndianWord(bytes, at: 0), bigEndianWord(bytes, at: 8), bigEndianWord(bytes, at: 16),
      bigEndianWord(bytes, at: 24))
  }

  /// Reads 64 lower-case hexadecimal digits; nil for anything else, so that a digest has one text form only.
  public init?(hexadecimal text: some StringProtocol) {
    guard let bytes = canonicalBytes(hexadecimal: text) else { return nil }
    self.init(bytes: bytes.span)
  }

  /// The 32 bytes.
  public var bytes: [UInt8] {
    var bytes = [UInt8]()
    bytes.reserveCapacity(32)
    for word in [word0, word1, word2, word3] { appendBigEndian(word, to: &bytes) }
    return bytes
  }

  /// 64 lower-case hexadecimal digits.
  public var description: String { hexadecimal(bytes) }

  public init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    guard let digest = Digest256(hexadecimal: text) else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "not a digest of 64 hexadecimal digits"))
    }
    self = digest
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}

/// The bytes of a lower-case hexadecimal text; nil for upper case, other characters and odd lengths.
func canonicalBytes(hexadecimal text: some StringProtocol) -> [UInt8]? {
  guard let bytes = bytes(hexadecimal: text), hexadecimal(bytes) == text else { return nil }
  return bytes
}

func bigEndianWord(_ bytes: Span<UInt8>, at offset: Int) -> UInt64 {
  var word: UInt64 = 0
  for index in 0..<8 { word = word << 8 | UInt64(bytes[offset + index]) }
  return word
}

func appendBigEndian(_ word: some FixedWidthInteger, to bytes: inout [UInt8]) {
  for shift in stride(from: word.bitWidth - 8, through: 0, by: -8) {
    bytes.append(UInt8(truncatingIfNeeded: word >> shift))
  }
}
