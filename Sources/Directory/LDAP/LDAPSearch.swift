/// What to read from a directory server.
public struct LDAPSearch: Sendable {
  public enum Scope: Int32, Sendable {
    /// The base entry alone.
    case base = 0
    /// The entries directly beneath it.
    case oneLevel = 1
    /// It and all beneath it.
    case subtree = 2
  }

  public var base: String
  public var scope: Scope
  /// In the form of RFC 4515; values go through ``escaped(_:)``.
  public var filter: String
  /// Empty for all user attributes; `*` and `+` (operational attributes) as servers know them.
  public var attributes: [String]
  /// How many entries the server gives at a time (RFC 2696); nil to ask for all at once.
  public var pageSize: Int?

  public init(
    base: String, scope: Scope = .subtree, filter: String = "(objectClass=*)", attributes: [String] = [],
    pageSize: Int? = 500
  ) {
    self.base = base
    self.scope = scope
    self.filter = filter
    self.attributes = attributes
    self.pageSize = pageSize
  }

  /// A value as it may stand in a filter: `*`, `(`, `)`, `\`, zero and bytes above 127 escaped.
  public static func escaped(_ value: String) -> String {
    let digits = Array("0123456789abcdef")
    return value.utf8.map { byte in
      switch byte {
      case 0x2A, 0x28, 0x29, 0x5C, 0, 128...:
        "\\\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
      default: String(UnicodeScalar(byte))
      }
    }.joined()
  }
}

/// What a search met.
public struct LDAPSearchSummary: Sendable, Equatable {
  public var entries: Int
  public var pages: Int
  /// References to other servers, which were not followed.
  public var references: Int

  public init(entries: Int = 0, pages: Int = 0, references: Int = 0) {
    self.entries = entries
    self.pages = pages
    self.references = references
  }
}
