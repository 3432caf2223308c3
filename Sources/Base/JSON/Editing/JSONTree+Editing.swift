/// Edits change the text; the tree is parsed again afterwards, so that no edit can leave an invalid document.
///
/// New members are indented, quoted and spaced like their neighbours. Each edit takes time in proportion to the
/// document. An error leaves the document as it was.
extension JSONTree {
  /// Makes the value at a path this one: replaces what is there, or inserts it, making objects on the way.
  ///
  /// What has this value already keeps its spelling.
  public mutating func set(_ value: JSONValue, at path: JSONPath, comment: String? = nil) throws(JSONError) {
    if self[path] != nil { return try replace(value, at: path) }
    // The longest part of the path that is there receives the rest as one new member.
    var missing = path.components
    var existing = [JSONPath.Component]()
    while missing.count > 1, self[JSONPath(existing + [missing[0]])] != nil {
      existing.append(missing.removeFirst())
    }
    var value = value
    for component in missing.dropFirst().reversed() {
      switch component {
      case .key(let key): value = .object(JSONObject([(key, value)]))
      case .index(let index):
        guard index == 0 else { throw cannotEdit(path, "there is no list to put element \(index) into") }
        value = .array([value])
      }
    }
    try insert(value, at: JSONPath(existing + [missing[0]]), comment: comment)
  }

  /// Replaces a value that must be there. One that is equal keeps its spelling.
  public mutating func replace(_ value: JSONValue, at path: JSONPath) throws(JSONError) {
    let node = try node(at: path)
    // A value that cannot be read, such as Infinity, is not equal to any.
    if let current = try? node.value(), current == value { return }
    try apply([JSONSplice(node.record.value, JSONLayout(storage).text(of: value, replacing: node))])
  }

  /// Inserts a value that must not be there: a member at the end of its object, or an element at its place.
  ///
  /// - Parameter comment: lines that go above it, without comment marks; JSON5 only.
  public mutating func insert(
    _ value: JSONValue, at path: JSONPath, comment: String? = nil
  ) throws(JSONError) {
    guard let last = path.components.last else { throw cannotEdit(path, "the document has a root already") }
    if comment != nil, dialect == .json { throw cannotEdit(path, "JSON has no comments") }
    let parent = try node(at: JSONPath(path.components.dropLast()))
    switch last {
    case .key(let key):
      guard parent.kind == .object else { throw wrongKind(parent, .object) }
      if parent.member(key) != nil { throw cannotEdit(path, "it is there already") }
      let item = JSONLayout.Item(key: key, value: value, comment: comment)
      try apply(JSONLayout(storage).insertion(of: item, at: parent.count, in: parent))
    case .index(let index):
      guard parent.kind == .array else { throw wrongKind(parent, .array) }
      guard (0...parent.count).contains(index) else {
        throw cannotEdit(path, "the list has \(parent.count) elements")
      }
      let item = JSONLayout.Item(key: nil, value: value, comment: comment)
      try apply(JSONLayout(storage).insertion(of: item, at: index, in: parent))
    }
  }

  /// Removes a member or an element that must be there, with its comma.
  ///
  /// - Parameter keepingComments: false removes with it the comments behind it on its line, and those directly
  ///   above it without a blank line between: they speak of it.
  public mutating func remove(at path: JSONPath, keepingComments: Bool = false) throws(JSONError) {
    let node = try node(at: path)
    guard node.parent != nil else { throw cannotEdit(path, "the root cannot be removed") }
    try apply(JSONLayout(storage).removal(of: node, keepingComments: keepingComments))
  }

  /// Gives a member another key at the same place.
  public mutating func rename(_ path: JSONPath, to key: String) throws(JSONError) {
    let node = try node(at: path)
    guard let parent = node.parent, let old = node.key else { throw cannotEdit(path, "it has no key") }
    if jsonSameBytes(old, key) { return }
    if parent.member(key) != nil { throw cannotEdit(path, "“\(key)” is there already") }
    var bytes = [UInt8]()
    JSONLayout(storage).style(like: node).writeKey(key, to: &bytes)
    try apply([JSONSplice(node.record.key, bytes)])
  }

  private func node(at path: JSONPath) throws(JSONError) -> JSONNode {
    if let node = self[path] { return node }
    throw JSONError(
      .missing, doing: "edit JSON", source: source, position: nil, path: path, reason: "there is no such member")
  }

  private func cannotEdit(_ path: JSONPath, _ reason: String) -> JSONError {
    JSONError(
      .cannotEdit, doing: "edit JSON", source: source, position: self[path]?.position, path: path, reason: reason)
  }

  private func wrongKind(_ node: JSONNode, _ wanted: JSONKind) -> JSONError {
    JSONError(
      .wrongType, doing: "edit JSON", source: source, position: node.position, path: node.path,
      reason: "expected \(wanted.phrase), found \(node.kind.phrase)")
  }

  private mutating func apply(_ splices: [JSONSplice]) throws(JSONError) {
    var bytes = [UInt8]()
    var at = 0
    for splice in splices {
      invariant(splice.range.lowerBound >= at, "edits of one text overlap")
      bytes += storage.bytes[at..<splice.range.lowerBound]
      bytes += splice.text
      at = splice.range.upperBound
    }
    bytes += storage.bytes[at...]
    storage = try JSONStorage(bytes, source: source, dialect: dialect, limits: storage.limits)
  }
}

/// What takes the place of some bytes.
struct JSONSplice {
  let range: Range<Int>
  let text: [UInt8]

  init(_ range: Range<Int>, _ text: [UInt8]) {
    self.range = range
    self.text = text
  }
}
