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

  private let source: UniqueID
  private var hasher = SHA256Hasher()
  private var message: [UInt8]

  init(source: UniqueID) {
    self.source = source
    message = []
    message.reserveCapacity(34)
  }

  /// The key of a row whose source key is an integer.
  mutating func key(_ entity: Entity, _ sourceKey: Int64, at milliseconds: Int64) -> UniqueID {
    begin(entity, length: 8)
    append(UInt64(bitPattern: sourceKey))
    return finish(milliseconds)
  }

  /// The key of a row whose source key is a UUID. The time is the one in the source key.
  mutating func key(_ entity: Entity, _ sourceKey: UniqueID) -> UniqueID {
    begin(entity, length: 16)
    append(sourceKey.high)
    append(sourceKey.low)
    return finish(sourceKey.milliseconds)
  }

  private mutating func begin(_ entity: Entity, length: UInt8) {
    message.removeAll(keepingCapacity: true)
    append(source.high)
    append(source.low)
    message.append(entity.rawValue)
    message.append(length)
  }

  private mutating func append(_ word: UInt64) {
    var shift: UInt64 = 64
    while shift > 0 {
      shift -= 8
      message.append(UInt8(truncatingIfNeeded: word >> shift))
    }
  }

  private mutating func finish(_ milliseconds: Int64) -> UniqueID {
    let bytes = message
    let digest = hasher.digest(of: bytes.span)
    return UniqueID(milliseconds: milliseconds, hashHigh: digest.word0, hashLow: digest.word1)
  }
}
