/// The name of a table, with its schema where the search path shall not decide.
public struct TableName: Sendable, Hashable, CustomStringConvertible, ExpressibleByStringLiteral {
  public let schema: String?
  public let name: String

  public init(_ name: String, schema: String? = nil) {
    self.schema = schema
    self.name = name
  }

  public init(stringLiteral name: String) { self.init(name) }

  /// As it stands in SQL, quoted.
  public var quoted: String {
    if let schema { quotedIdentifier(schema) + "." + quotedIdentifier(name) } else { quotedIdentifier(name) }
  }

  public var description: String {
    if let schema { schema + "." + name } else { name }
  }
}

/// A quoted identifier of standard SQL, which both engines read: quotes doubled. A NUL would end the statement's
/// text in C, and is replaced.
func quotedIdentifier(_ name: String) -> String {
  var quoted = "\""
  for scalar in name.unicodeScalars {
    switch scalar {
    case "\"": quoted += "\"\""
    case "\0": quoted += "\u{FFFD}"
    default: quoted.unicodeScalars.append(scalar)
    }
  }
  return quoted + "\""
}
