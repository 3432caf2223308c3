/// Which grammar a text follows.
public enum JSONDialect: Sendable {
  /// RFC 8259; a byte order mark before it is kept.
  case json
  /// JSON5 1.0.0 (spec.json5.org): comments, trailing commas, bare keys, more spellings of numbers and texts.
  /// JSON with comments is a part of it.
  case json5
}

/// A JSON text together with an index of what stands where.
///
/// The text is the truth: an unedited tree gives back its bytes, and an edit changes the bytes of what it
/// names, its comma and its line, and nothing else. Every node knows its place. Duplicate keys, lone surrogates
/// and invalid UTF-8 are refused.
public struct JSONTree: Sendable {
  var storage: JSONStorage

  /// - Parameter source: what errors call the text, for instance the file.
  public init(
    parsing bytes: [UInt8], source: String, dialect: JSONDialect = .json5, limits: JSONLimits = JSONLimits()
  ) throws(JSONError) {
    storage = try JSONStorage(bytes, source: source, dialect: dialect, limits: limits)
  }

  public init(
    parsing text: String, source: String, dialect: JSONDialect = .json5, limits: JSONLimits = JSONLimits()
  ) throws(JSONError) {
    try self.init(parsing: Array(text.utf8), source: source, dialect: dialect, limits: limits)
  }

  /// Reads a file; throws ``FileError`` or ``JSONError``.
  ///
  /// - Parameter dialect: nil takes JSON for a name that ends in `.json`, else JSON5.
  public init(
    reading path: String, dialect: JSONDialect? = nil, limits: JSONLimits = JSONLimits()
  ) throws {
    let bytes = try Files.read(path, limit: limits.size)
    let dialect = dialect ?? (Paths.fileExtension(of: path) == "json" ? .json : .json5)
    try self.init(parsing: bytes, source: path, dialect: dialect, limits: limits)
  }

  public var source: String { storage.source }
  public var dialect: JSONDialect { storage.dialect }
  /// The text as it stands, UTF-8.
  public var bytes: [UInt8] { storage.bytes }
  public var text: String { String(decoding: storage.bytes, as: UTF8.self) }
  public var root: JSONNode { JSONNode(storage: storage, index: 0) }

  /// The node at a path, nil where there is none.
  public subscript(path: JSONPath) -> JSONNode? { root.find(path) }

  /// The whole text as a value.
  public func value() throws(JSONError) -> JSONValue { try root.value() }
}

/// The bytes of a text and one record for each value, parents before children.
final class JSONStorage: Sendable {
  let bytes: [UInt8]
  let source: String
  let dialect: JSONDialect
  let limits: JSONLimits
  let records: [JSONRecord]
  /// The offsets at which lines begin.
  let lineStarts: [Int]

  init(
    _ bytes: [UInt8], source: String, dialect: JSONDialect, limits: JSONLimits
  ) throws(JSONError) {
    self.bytes = bytes
    self.source = source
    self.dialect = dialect
    self.limits = limits
    do throws(JSONFault) {
      if bytes.count > limits.size { throw JSONFault(.tooLong, at: limits.size) }
      var parser = JSONTreeParser(bytes, dialect: dialect, maximumDepth: limits.depth)
      records = try parser.whole()
    } catch {
      throw JSONError(error, in: bytes.span, source: source, firstLine: 1, limits: limits)
    }
    var starts = [0]
    for index in bytes.indices where jsonEndsLine(bytes.span, index) { starts.append(index + 1) }
    lineStarts = starts
  }

  func position(of offset: Int) -> JSONPosition {
    var low = 0
    var high = lineStarts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle }
    }
    let bytes = bytes
    let column = 1 + jsonScalars(in: lineStarts[low]..<offset, of: bytes.span)
    return JSONPosition(line: low + 1, column: column, offset: offset)
  }

  func error(_ fault: JSONFault) -> JSONError {
    let bytes = bytes
    return JSONError(fault, in: bytes.span, source: source, firstLine: 1, limits: limits)
  }
}

/// Where one value stands. All ranges are in bytes.
struct JSONRecord: Sendable {
  let kind: JSONKind
  /// The record of what holds it, −1 for the root.
  let parent: Int
  /// Its place among its siblings.
  let place: Int
  /// The key as it is spelled, quotes included; empty for elements and the root.
  let key: Range<Int>
  var value: Range<Int>
  /// The comma behind it, −1 where none is.
  var comma = -1
  /// How many children it has.
  var count = 0
  /// The record behind its last descendant.
  var next = 0

  /// Where it begins, its key included.
  var start: Int { key.isEmpty ? value.lowerBound : key.lowerBound }
  /// Where it ends, its comma included.
  var end: Int { comma < 0 ? value.upperBound : comma + 1 }
}
