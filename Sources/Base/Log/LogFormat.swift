/// How an entry is written on one line.
public enum LogFormat: Sendable {
  /// `2026-11-20T15:05:45Z info batch committed history.rows=1000 run="a b"`, for people.
  case plain
  /// `{"time":…,"level":…,"message":…,"fields":{…}}`, for programs.
  case jsonLines

  /// The line without its line break. Control characters are escaped in both forms, so that no value can forge
  /// a line or steer a terminal.
  public func line(_ entry: LogEntry) -> String {
    switch self {
    case .plain:
      var line = "\(entry.time) \(entry.level.name) \(entry.message)"
      for (key, value) in entry.fields { line += " \(key)=\(plain(value))" }
      return line
    case .jsonLines:
      let value: JSONValue = [
        "time": .string(entry.time.description), "level": .string(entry.level.name),
        "message": .string(entry.message),
        "fields": .object(JSONObject(entry.fields.map { ($0.key, json($0.value)) })),
      ]
      return escapingControls(value.compact())
    }
  }

  private func plain(_ value: LogValue) -> String {
    switch value {
    case .string(let text):
      let isWord = !text.isEmpty && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x22 && $0 != 0x3D }
      return isWord ? text : escapingControls(JSONValue.string(text).compact())
    case .integer(let integer): return String(integer)
    case .number(let number): return "\(number)"
    case .bool(let bool): return "\(bool)"
    case .array(let values): return "[" + values.map(plain).joined(separator: ",") + "]"
    case .masked: return LogValue.mask
    }
  }

  private func json(_ value: LogValue) -> JSONValue {
    switch value {
    case .string(let text): .string(text)
    case .integer(let integer): .integer(integer)
    // JSON has no word for infinity; an average of nothing is one.
    case .number(let number): number.isFinite ? .number(number) : .string("\(number)")
    case .bool(let bool): .bool(bool)
    case .array(let values): .array(values.map(json))
    case .masked: .string(LogValue.mask)
    }
  }

  /// JSON escapes what is below U+0020 only; terminals also obey U+0080 to U+009F, and the marks of writing
  /// direction make a line read as another.
  private func escapingControls(_ text: String) -> String {
    func isHarmful(_ scalar: Unicode.Scalar) -> Bool {
      switch scalar.value {
      case 0x7F...0x9F, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: true
      default: false
      }
    }
    guard text.unicodeScalars.contains(where: isHarmful) else { return text }
    var escaped = ""
    for scalar in text.unicodeScalars {
      if isHarmful(scalar) {
        let digits = String(scalar.value, radix: 16)
        escaped += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      } else {
        escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}
