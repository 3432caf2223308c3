/// One value of a ``JSONTree`` where it stands. It shows the tree as it was when the node was taken: edits do
/// not reach it.
public struct JSONNode: Sendable, JSONReadable {
  let storage: JSONStorage
  let index: Int

  var record: JSONRecord { storage.records[index] }

  public var kind: JSONKind { record.kind }

  /// Where the value begins.
  public var position: JSONPosition { storage.position(of: record.value.lowerBound) }

  /// Where the member begins; the value's place where it has no key.
  public var memberPosition: JSONPosition { storage.position(of: record.start) }

  /// The value as it is written, comments inside included.
  public var spelling: String { String(decoding: storage.bytes[record.value], as: UTF8.self) }

  /// The key that leads here; nil for elements and the root.
  public var key: String? {
    guard !record.key.isEmpty else { return nil }
    // The parser has read this key before, so that no fault can come.
    return try? jsonKeyText(storage.bytes, record.key)
  }

  public var parent: JSONNode? {
    record.parent < 0 ? nil : JSONNode(storage: storage, index: record.parent)
  }

  /// How many members or elements it has.
  public var count: Int { record.count }

  /// Its members or elements in their order.
  public var children: [JSONNode] {
    var children = [JSONNode]()
    children.reserveCapacity(record.count)
    var next = index + 1
    while next < record.next {
      children.append(JSONNode(storage: storage, index: next))
      next = storage.records[next].next
    }
    return children
  }

  public var path: JSONPath {
    var components = [JSONPath.Component]()
    var node = self
    while let parent = node.parent {
      components.append(node.key.map { .key($0) } ?? .index(node.record.place))
      node = parent
    }
    return JSONPath(components.reversed())
  }

  public func member(_ key: String) -> JSONNode? {
    guard kind == .object else { return nil }
    return children.first { child in child.key.map { jsonSameBytes($0, key) } ?? false }
  }

  public func element(_ index: Int) -> JSONNode? {
    guard kind == .array, index >= 0, index < count else { return nil }
    return children[index]
  }

  public func value() throws(JSONError) -> JSONValue {
    switch kind {
    case .array:
      var elements = [JSONValue]()
      for child in children { elements.append(try child.value()) }
      return .array(elements)
    case .object:
      var members = [JSONObject.Member]()
      for child in children { members.append(JSONObject.Member(key: child.key ?? "", value: try child.value())) }
      return .object(JSONObject.checked(members).object)
    case .null: return .null
    case .bool: return .bool(storage.bytes[record.value.lowerBound] == UInt8(ascii: "t"))
    case .number, .string:
      do throws(JSONFault) {
        if kind == .number { return try jsonNumberValue(storage.bytes, record.value) }
        return .string(try jsonStringText(storage.bytes, at: record.value.lowerBound))
      } catch {
        throw storage.error(error)
      }
    }
  }

  public func error(_ code: JSONError.Code, _ reason: String, advice: String?) -> JSONError {
    JSONError(
      code, doing: "read JSON", source: storage.source, position: position, path: path, reason: reason,
      advice: advice)
  }
}
