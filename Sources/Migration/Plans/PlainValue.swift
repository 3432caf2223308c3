/// A tree of plain JSON data that a system puts into a plan or a journal without the engine knowing its shape.
public indirect enum PlainValue: Sendable, Equatable {
  case null
  case flag(Bool)
  case integer(Int64)
  case number(Double)
  case text(String)
  case list([PlainValue])
  case record([String: PlainValue])
}

extension PlainValue: Codable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let flag = try? container.decode(Bool.self) {  // another shape follows: trying is the protocol's way
      self = .flag(flag)
    } else if let integer = try? container.decode(Int64.self) {  // likewise
      self = .integer(integer)
    } else if let number = try? container.decode(Double.self) {  // likewise
      self = .number(number)
    } else if let text = try? container.decode(String.self) {  // likewise
      self = .text(text)
    } else if let list = try? container.decode([PlainValue].self) {  // likewise
      self = .list(list)
    } else {
      self = .record(try container.decode([String: PlainValue].self))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .null: try container.encodeNil()
    case .flag(let flag): try container.encode(flag)
    case .integer(let integer): try container.encode(integer)
    case .number(let number): try container.encode(number)
    case .text(let text): try container.encode(text)
    case .list(let list): try container.encode(list)
    case .record(let record): try container.encode(record)
    }
  }

  /// A value's JSON as a tree.
  public init(encoding value: some Encodable) throws {
    self = try decodeJSON(PlainValue.self, from: encodeJSON(value))
  }

  /// The tree as a value of a type.
  public func decoded<Value: Decodable>(as type: Value.Type) throws -> Value {
    try decodeJSON(type, from: encodeJSON(self))
  }
}
