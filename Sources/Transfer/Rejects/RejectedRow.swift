public import Base
internal import Database
internal import Migration

/// One line of a reject file: a source row that could not be carried, with all that is needed to bring it after it was
/// repaired (docs/formats/rejects.md).
public struct RejectedRow: Sendable, Equatable {
  /// A field of the row, by the column's name in the scan.
  public struct Field: Sendable, Equatable {
    public let name: String
    /// Numbers, truth values and null as such; texts, keys and times as texts; other bytes as `{"hex": …}`.
    public let value: JSONValue
  }

  public let stream: String
  /// What the stream says of its source: its identity, its version.
  public let origin: [String: String]
  public let key: String
  public let reason: String
  public let column: String?
  public let fields: [Field]

  init(
    _ row: borrowing RowView, of stream: TransferStream, key: Key, _ rejection: RowRejection
  ) {
    self.stream = stream.name
    origin = stream.origin
    self.key = key.description
    reason = rejection.reason
    column = rejection.column
    var fields: [Field] = []
    for (index, name) in stream.scan.columns.enumerated() where RejectedRow.isPlain(name) {
      fields.append(Field(name: name, value: RejectedRow.value(row, index, stream.scan.kinds[index])))
    }
    self.fields = fields
  }

  /// A column of a table, and no expression that would have no place to go back to.
  private static func isPlain(_ column: String) -> Bool {
    column != "NULL"
      && column.utf8.allSatisfy { byte in
        switch byte {
        case 48...57, 65...90, 97...122, UInt8(ascii: "_"), UInt8(ascii: "."): true
        default: false
        }
      }
  }

  private static func value(_ row: borrowing RowView, _ index: Int, _ kind: ColumnKind) -> JSONValue {
    if row.isNull(index) { return .null }
    switch kind {
    case .boolean: return row.boolean(index).map { .bool($0) } ?? .null
    case .small, .medium, .integer: return row.integer(index).map { .integer($0) } ?? .null
    case .uuid: return row.uuid(index).map { .string($0.description) } ?? .null
    case .timestamp:
      guard let time = row.timestamp(index) else { return .null }
      let text = time.description
      // The ends of the calendar have no such text.
      return Timestamp(rfc3339: text) == time
        ? .string(text) : .object(JSONObject([("microseconds", .integer(time.microseconds))]))
    case .text, .bytes:
      let bytes = row.text(index)
      var copy: [UInt8] = []
      copy.reserveCapacity(bytes.count)
      for place in bytes.indices { copy.append(bytes[place]) }
      if kind == .text, let text = String(validating: copy, as: UTF8.self) { return .string(text) }
      return .object(JSONObject([("hex", .string(hexadecimal(copy)))]))
    }
  }
}

extension RejectedRow {
  /// One line of JSON without its line break.
  func json() -> [UInt8] {
    var object = JSONObject([("stream", .string(stream))])
    for (name, value) in origin.sorted(by: { $0.key < $1.key }) { object[name] = .string(value) }
    object["key"] = .string(key)
    object["reason"] = .string(reason)
    object["column"] = column.map { .string($0) } ?? .null
    object["fields"] = .object(JSONObject(fields.map { ($0.name, $0.value) }))
    var bytes: [UInt8] = []
    JSONValue.object(object).writeCompact(to: &bytes)
    return bytes
  }

  /// Reads one line. Members that it does not know are taken for the origin's.
  ///
  /// - Parameter place: the file and the line, for messages, which tell no value.
  init(parsing line: Span<UInt8>, at place: String) throws(MigrationError) {
    let value: JSONValue
    do {
      value = try JSONValue(parsing: line, source: place, limits: JSONLimits(size: RejectFile.longestLine))
    } catch {
      throw RejectedRow.unreadable(place, "it is no JSON")
    }
    guard let object = value.objectValue else { throw RejectedRow.unreadable(place, "it is no object") }
    func text(_ name: String) throws(MigrationError) -> String {
      guard let text = object[name]?.stringValue else {
        throw RejectedRow.unreadable(place, "its member “\(name)” is missing or no text")
      }
      return text
    }
    stream = try text("stream")
    key = try text("key")
    reason = object["reason"]?.stringValue ?? ""
    column = object["column"]?.stringValue
    guard let fields = object["fields"]?.objectValue else {
      throw RejectedRow.unreadable(place, "its member “fields” is missing or no object")
    }
    self.fields = fields.members.map { Field(name: $0.key, value: $0.value) }
    var origin: [String: String] = [:]
    for member in object.members where !["stream", "key", "reason", "column", "fields"].contains(member.key) {
      guard let text = member.value.stringValue else {
        throw RejectedRow.unreadable(place, "its member “\(member.key)” is no text")
      }
      origin[member.key] = text
    }
    self.origin = origin
  }

  private static func unreadable(_ place: String, _ reason: String) -> MigrationError {
    MigrationError(
      .damaged, doing: "read \(place)", reason: reason, advice: "repair that line, or take it out of the file")
  }
}
