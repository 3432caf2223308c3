/// A place in a text.
public struct JSONPosition: Sendable, Equatable {
  /// From 1. Lines end in `\n`, `\r\n` or `\r`.
  public let line: Int
  /// From 1, in Unicode scalars.
  public let column: Int
  /// From 0, in bytes.
  public let offset: Int
}

/// What is wrong with a JSON text, with a value in it, or with an edit; names file, line and column.
public struct JSONError: LayeredError {
  public enum Code: Sendable {
    /// The text does not follow the grammar.
    case syntax
    /// The bytes are not UTF-8, or an escape stands for half a character.
    case invalidText
    /// Two members of one object have the same key.
    case duplicateKey
    /// Nested deeper, or longer, than the limits allow.
    case tooLarge
    /// The number cannot be kept as it is written.
    case numberRange
    /// A member that must be there is not.
    case missing
    /// A value is of another type than asked for.
    case wrongType
    /// A value has the right type and is not among those allowed.
    case refusedValue
    /// An object has a member that nobody reads.
    case unknownKey
    /// The edit does not fit the document.
    case cannotEdit
  }

  public let code: Code
  public let doing: String
  /// The file, or what else the text is called.
  public let source: String
  public let position: JSONPosition?
  public let path: JSONPath?
  public let reason: String
  public let advice: String?

  public var cause: (any Error)? { nil }

  public init(
    _ code: Code, doing: String, source: String, position: JSONPosition?, path: JSONPath? = nil, reason: String,
    advice: String? = nil
  ) {
    self.code = code
    self.doing = doing
    self.source = source
    self.position = position
    self.path = path
    self.advice = advice
    var place = source
    if let position { place += ":\(position.line):\(position.column)" }
    if let path, !path.components.isEmpty { place += place.isEmpty ? "\(path)" : ": \(path)" }
    self.reason = place.isEmpty ? reason : "\(place): \(reason)"
  }
}

/// How deep and how long a text may be.
public struct JSONLimits: Sendable {
  /// How many objects and arrays may stand inside each other.
  public var depth: Int
  /// Bytes.
  public var size: Int

  public init(depth: Int = 128, size: Int = 16 << 20) {
    self.depth = depth
    self.size = size
  }
}

/// What a parser stumbled over, before anybody has counted lines: small, so that throwing it costs little.
struct JSONFault: Error {
  enum Kind {
    case expected(StaticString)
    case notUTF8
    case loneSurrogate
    case duplicateKey(first: Int)
    case tooDeep
    case tooLong
    case integerTooLarge
    case numberTooLarge
  }

  let kind: Kind
  let offset: Int

  init(_ kind: Kind, at offset: Int) {
    self.kind = kind
    self.offset = offset
  }
}

extension JSONError {
  /// - Parameter firstLine: the number of the text's first line.
  init(_ fault: JSONFault, in bytes: Span<UInt8>, source: String, firstLine: Int, limits: JSONLimits) {
    let position = jsonPosition(of: fault.offset, in: bytes, firstLine: firstLine)
    let (code, reason, advice): (Code, String, String?) =
      switch fault.kind {
      case .expected(let what):
        (.syntax, "expected \(what), found \(jsonCharacter(at: fault.offset, in: bytes))", nil)
      case .notUTF8:
        (.invalidText, "a byte that is not UTF-8", "Convert it with `iconv -t UTF-8`.")
      case .loneSurrogate:
        (.invalidText, "an escape that stands for half a character", nil)
      case .duplicateKey(let first):
        (
          .duplicateKey,
          "a key that line \(jsonPosition(of: first, in: bytes, firstLine: firstLine).line) has already",
          "Remove one of the two: programs disagree which one counts."
        )
      case .tooDeep: (.tooLarge, "nested deeper than \(limits.depth)", nil)
      case .tooLong: (.tooLarge, "longer than \(limits.size) bytes", nil)
      case .integerTooLarge:
        (.numberRange, "an integer that 64 bits cannot hold", "Write it as a text if all digits count.")
      case .numberTooLarge: (.numberRange, "a number beyond the range of a double", nil)
      }
    self.init(code, doing: "parse JSON", source: source, position: position, reason: reason, advice: advice)
  }
}

func jsonPosition(of offset: Int, in bytes: Span<UInt8>, firstLine: Int) -> JSONPosition {
  var line = firstLine
  var start = 0
  for index in 0..<min(offset, bytes.count) where jsonEndsLine(bytes, index) {
    line += 1
    start = index + 1
  }
  return JSONPosition(line: line, column: 1 + jsonScalars(in: start..<offset, of: bytes), offset: offset)
}

/// Whether a line ends with this byte: `\n`, or `\r` without one behind it.
func jsonEndsLine(_ bytes: Span<UInt8>, _ index: Int) -> Bool {
  bytes[index] == 10 || (bytes[index] == 13 && (index + 1 == bytes.count || bytes[index + 1] != 10))
}

func jsonScalars(in range: Range<Int>, of bytes: Span<UInt8>) -> Int {
  var count = 0
  for index in range where index < bytes.count && bytes[index] & 0xC0 != 0x80 { count += 1 }
  return count
}

/// One character for a message; never more, since texts hold customers' values.
private func jsonCharacter(at offset: Int, in bytes: Span<UInt8>) -> String {
  guard offset < bytes.count else { return "the end" }
  switch bytes[offset] {
  case 10, 13: return "the end of the line"
  case 33...126: return "“\(Character(Unicode.Scalar(bytes[offset])))”"
  case 32: return "a space"
  case 0..<32, 127: return "a control character"
  default: return "a character that has no meaning here"
  }
}
