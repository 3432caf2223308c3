// Foundation's JSON coder writes the plans, journals and reports: synthesised, strict, and sorted when asked.
internal import FoundationEssentials

/// JSON with sorted keys: the same value always gives the same bytes, so that they can be hashed and signed.
public func encodeJSON(_ value: some Encodable, pretty: Bool = false) throws -> [UInt8] {
  let encoder = JSONEncoder()
  encoder.outputFormatting =
    pretty ? [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted] : [.sortedKeys, .withoutEscapingSlashes]
  return [UInt8](try encoder.encode(value))
}

public func decodeJSON<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8]) throws -> Value {
  try JSONDecoder().decode(type, from: Data(bytes))
}
