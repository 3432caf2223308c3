/// What typed reading needs: a value that knows its path, and its place where it has one. The errors name both.
///
/// ```
/// let source = try root.required("systems").required("administration")
/// let port = try source.optional("port")?.integer(in: 1...65535) ?? 5432
/// ```
public protocol JSONReadable {
  var kind: JSONKind { get }
  var path: JSONPath { get }
  /// The member with a key; nil where there is none, and for what is not an object.
  func member(_ key: String) -> Self?
  /// The element at a place; nil beyond the end, and for what is not an array.
  func element(_ index: Int) -> Self?
  /// The members or elements in their order.
  var children: [Self] { get }
  /// The key that leads here; nil for elements and the root.
  var key: String? { get }
  func value() throws(JSONError) -> JSONValue
  /// An error that names this place.
  func error(_ code: JSONError.Code, _ reason: String, advice: String?) -> JSONError
}

extension JSONReadable {
  /// The value at a path from here; nil where there is none.
  public func find(_ path: JSONPath) -> Self? {
    var found = self
    for component in path.components {
      let next =
        switch component {
        case .key(let key): found.member(key)
        case .index(let index): found.element(index)
        }
      guard let next else { return nil }
      found = next
    }
    return found
  }

  /// A member that must be there.
  public func required(_ key: String) throws(JSONError) -> Self {
    try require(.object)
    guard let member = member(key) else {
      throw error(
        .missing, "the member “\(key)” is missing", advice: "Add it; its path is \(path.appending(key)).")
    }
    return member
  }

  /// A member that may be missing or null; nil then.
  public func optional(_ key: String) throws(JSONError) -> Self? {
    try require(.object)
    guard let member = member(key), member.kind != .null else { return nil }
    return member
  }

  public func string() throws(JSONError) -> String {
    try require(.string)
    guard case .string(let text) = try value() else { throw wrongKind(.string) }
    return text
  }

  /// A text that is one of some words; the error lists them.
  public func choice<Choice>(of choices: KeyValuePairs<String, Choice>) throws(JSONError) -> Choice {
    let text = try string()
    if let choice = choices.first(where: { $0.key == text }) { return choice.value }
    let words = choices.map { "“\($0.key)”" }.joined(separator: ", ")
    throw error(
      .refusedValue, "not one of \(words)",
      advice: nearest(to: text, among: choices.map(\.key)).map { "Did you mean “\($0)”?" })
  }

  public func bool() throws(JSONError) -> Bool {
    try require(.bool)
    return try value() == .bool(true)
  }

  /// An integer within bounds, spelled without point and exponent.
  public func integer(in range: ClosedRange<Int64> = .min ... .max) throws(JSONError) -> Int64 {
    try require(.number)
    guard case .integer(let integer) = try value() else {
      throw error(.wrongType, "expected an integer, found a number with a fraction or an exponent", advice: nil)
    }
    guard range.contains(integer) else {
      throw error(
        .refusedValue, "expected an integer from \(range.lowerBound) to \(range.upperBound)", advice: nil)
    }
    return integer
  }

  public func number(in range: ClosedRange<Double>? = nil) throws(JSONError) -> Double {
    try require(.number)
    guard let number = try value().doubleValue else { throw wrongKind(.number) }
    if let range, !range.contains(number) {
      throw error(
        .refusedValue, "expected a number from \(range.lowerBound) to \(range.upperBound)", advice: nil)
    }
    return number
  }

  public func elements() throws(JSONError) -> [Self] {
    try require(.array)
    return children
  }

  public func members() throws(JSONError) -> [(key: String, value: Self)] {
    try require(.object)
    return children.map { ($0.key ?? "", $0) }
  }

  /// Throws where the object has a member that nobody will read, since a misspelt setting is worse than none.
  public func refuseMembers(besides known: [String]) throws(JSONError) {
    for (key, value) in try members() where !known.contains(where: { jsonSameBytes($0, key) }) {
      throw value.error(
        .unknownKey, "unknown member",
        advice: nearest(to: key, among: known).map { "Did you mean “\($0)”?" }
          ?? "Remove it, or see the documentation for the members allowed here.")
    }
  }

  private func require(_ wanted: JSONKind) throws(JSONError) {
    if kind != wanted { throw wrongKind(wanted) }
  }

  private func wrongKind(_ wanted: JSONKind) -> JSONError {
    error(.wrongType, "expected \(wanted.phrase), found \(kind.phrase)", advice: nil)
  }
}
