/// The members of a JSON object in their order; no key twice.
///
/// Lookup takes constant time in large objects.
public struct JSONObject: Sendable, Equatable {
  public struct Member: Sendable {
    public let key: String
    public internal(set) var value: JSONValue
  }

  public private(set) var members: [Member]
  /// Where each key stands; nil in small objects, where looking through them is faster.
  private var places: [JSONKey: Int]?

  private static let smallCount = 12

  public init() { members = [] }

  /// Where a key stands twice, the last value counts and the first place.
  public init(_ pairs: some Sequence<(String, JSONValue)>) {
    self.init()
    for (key, value) in pairs { self[key] = value }
  }

  /// - Returns: nil in the second part, or the place of a member whose key another member has before it.
  static func checked(_ members: [Member]) -> (object: JSONObject, duplicate: Int?) {
    var object = JSONObject()
    object.members = members
    if members.count <= smallCount {
      for later in members.indices.dropFirst() {
        for earlier in 0..<later where jsonSameBytes(members[earlier].key, members[later].key) {
          return (object, later)
        }
      }
      return (object, nil)
    }
    var places = [JSONKey: Int](minimumCapacity: members.count)
    for (place, member) in members.enumerated() {
      if places.updateValue(place, forKey: JSONKey(member.key)) != nil { return (object, place) }
    }
    object.places = places
    return (object, nil)
  }

  public var count: Int { members.count }
  public var isEmpty: Bool { members.isEmpty }
  public var keys: [String] { members.map(\.key) }

  /// The place of a key among the members.
  public func place(of key: String) -> Int? {
    if let places { return places[JSONKey(key)] }
    return members.firstIndex { jsonSameBytes($0.key, key) }
  }

  /// Setting a new key appends it; setting nil removes the member.
  public subscript(key: String) -> JSONValue? {
    get { place(of: key).map { members[$0].value } }
    set {
      switch (place(of: key), newValue) {
      case (let place?, let value?): members[place].value = value
      case (let place?, nil):
        members.remove(at: place)
        if places != nil { index() }
      case (nil, let value?):
        members.append(Member(key: key, value: value))
        if places != nil {
          places?[JSONKey(key)] = members.count - 1
        } else if members.count > JSONObject.smallCount {
          index()
        }
      case (nil, nil): break
      }
    }
  }

  private mutating func index() {
    var places = [JSONKey: Int](minimumCapacity: members.count)
    for (place, member) in members.enumerated() { places[JSONKey(member.key)] = place }
    self.places = places
  }

  public static func == (left: JSONObject, right: JSONObject) -> Bool {
    left.members.count == right.members.count
      && zip(left.members, right.members).allSatisfy { jsonSameBytes($0.key, $1.key) && $0.value == $1.value }
  }
}

/// A text that is compared and hashed by its bytes.
struct JSONKey: Hashable {
  let text: String

  init(_ text: String) { self.text = text }

  static func == (left: JSONKey, right: JSONKey) -> Bool { jsonSameBytes(left.text, right.text) }

  func hash(into hasher: inout Hasher) {
    for byte in text.utf8 { hasher.combine(byte) }
  }
}
