internal import Base
internal import Cryptography

/// Gives a record of a log its key: its time, then bits of SHA-256 over what tells it from every other record.
///
/// The key depends on nothing else in the log, so it stays the same when the log grows, when its oldest part is
/// thrown away, and whichever way the log was read.
struct RecordKey: ~Copyable {
  private var hasher = SHA256Hasher()
  private var message = [UInt8]()

  /// Begins the key of a record of the given kind of log.
  mutating func begin(_ kind: String) {
    message.removeAll(keepingCapacity: true)
    message += kind.utf8
  }

  /// Adds a part, with a zero before it.
  mutating func add(_ part: Span<UInt8>) {
    message.append(0)
    unsafe part.withUnsafeBufferPointer { unsafe message.append(contentsOf: $0) }
  }

  mutating func key(at time: Timestamp) -> UniqueID {
    let bytes = message
    let digest = hasher.digest(of: bytes.span)
    return UniqueID(milliseconds: time.milliseconds, hashHigh: digest.word0, hashLow: digest.word1)
  }
}

/// Identifies a log for good: by its kind, by what people call the place that it belongs to, and by its first record.
enum LogIdentity {
  static func make(_ kind: String, _ place: String, first: UniqueID) -> UniqueID {
    var hasher = RecordKey()
    hasher.begin("locktender log " + kind)
    let name = Array(place.utf8)
    hasher.add(name.span)
    let key = Array(first.description.utf8)
    hasher.add(key.span)
    return hasher.key(at: Timestamp(microseconds: first.milliseconds * 1000))
  }
}
