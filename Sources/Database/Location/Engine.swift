/// The kind of a database.
public enum Engine: String, Sendable, Codable, CaseIterable {
  case sqlite
  case postgresql
  case odbc
}

/// How far a PostgreSQL connection over TCP is protected (libpq documentation, "Protection Provided in Different
/// Modes"), from nothing to everything.
public enum TLSMode: String, Sendable, Codable, CaseIterable {
  case disable
  case allow
  case prefer
  case require
  case verifyCA = "verify-ca"
  case verifyFull = "verify-full"
}
