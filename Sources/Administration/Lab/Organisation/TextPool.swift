/// Many short texts in one piece of memory, to be appended to arenas without an object for each.
///
/// A class, as are those that hold pools: handing one on counts one reference and not one for each array in it.
final class TextPool: Sendable {
  private let bytes: [UInt8]
  private let ends: [Int]

  init(_ texts: [String]) {
    var bytes = [UInt8]()
    var ends = [Int]()
    for text in texts {
      bytes.append(contentsOf: text.utf8)
      ends.append(bytes.count)
    }
    self.bytes = bytes
    self.ends = ends
  }

  /// The texts of a list with commas.
  convenience init(list: String) {
    self.init(list.split(separator: ",").map { $0.trimming() })
  }

  var count: Int { ends.count }

  @inline(__always)
  func append(_ index: Int, to arena: inout [UInt8]) {
    arena.append(contentsOf: bytes[(index == 0 ? 0 : ends[index - 1])..<ends[index]])
  }

  func string(_ index: Int) -> String {
    String(decoding: bytes[(index == 0 ? 0 : ends[index - 1])..<ends[index]], as: UTF8.self)
  }
}

extension Substring {
  fileprivate func trimming() -> String {
    var text = self
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}

extension [UInt8] {
  /// Appends a number in decimal digits, padded with zeros to a width.
  mutating func append(number: Int, width: Int = 1) {
    var digits = InlineArray<20, UInt8>(repeating: 48)
    var used = 0
    var rest = number.magnitude
    repeat {
      digits[used] = 48 + UInt8(rest % 10)
      used += 1
      rest /= 10
    } while rest > 0
    if number < 0 { append(UInt8(ascii: "-")) }
    for place in stride(from: Swift.max(used, Swift.min(width, 20)) - 1, through: 0, by: -1) {
      append(digits[place])
    }
  }

  @inline(__always)
  mutating func append(text: StaticString) {
    unsafe append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }
}
