internal import Base
internal import Cryptography

/// Gives each source row its key in the destination: the record's time, then bits of a hash over source, entity and
/// source key. The same row gets the same key in every run, on every machine.
struct RowIdentity: ~Copyable {
  /// What a key is for. The raw value goes into the hash and never changes.
  enum Entity: UInt8 {
    case request = 1
    case approvalTask = 2
    case temporalMembershipTask = 3
    case deprovisioningTask = 4
  }

  private var hasher = SHA256Hasher()
  /// The source in 16 bytes, the entity, the key's length, the key in 8 or 16 bytes.
  private var message = InlineArray<34, UInt8>(repeating: 0)

  init(source: UniqueID) {
    put(source.high, at: 0)
    put(source.low, at: 8)
  }

  /// The key of a row whose source key is an integer.
  mutating func key(_ entity: Entity, _ sourceKey: Int64, at milliseconds: Int64) -> UniqueID {
    message[16] = entity.rawValue
    message[17] = 8
    put(UInt64(bitPattern: sourceKey), at: 18)
    return finish(26, milliseconds)
  }

  /// The key of a row whose source key is a UUID. The time is the one in the source key.
  mutating func key(_ entity: Entity, _ sourceKey: UniqueID) -> UniqueID {
    message[16] = entity.rawValue
    message[17] = 16
    put(sourceKey.high, at: 18)
    put(sourceKey.low, at: 26)
    return finish(34, sourceKey.milliseconds)
  }

  private mutating func put(_ word: UInt64, at start: Int) {
    for index in 0..<8 { message[start + index] = UInt8(truncatingIfNeeded: word >> UInt64(56 - index * 8)) }
  }

  private mutating func finish(_ length: Int, _ milliseconds: Int64) -> UniqueID {
    let bytes = message
    let digest = hasher.digest(of: bytes.span.extracting(0..<length))
    return UniqueID(milliseconds: milliseconds, hashHigh: digest.word0, hashLow: digest.word1)
  }
}
