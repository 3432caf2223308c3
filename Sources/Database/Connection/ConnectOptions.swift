/// How a connection shall behave.
public struct ConnectOptions: Sendable {
  public enum Access: String, Sendable {
    /// Writes are refused by the engine.
    case readOnly
    /// The database must exist.
    case readWrite
    /// A SQLite file is created when it is missing (readable by its owner only, with a write-ahead log). On
    /// PostgreSQL the same as `readWrite`.
    case create
  }

  /// Lends a password for the time of the call, so that it can be wiped afterwards. Called once for a connection to
  /// PostgreSQL. Without it libpq looks into PGPASSWORD and the password file, as every client does.
  public typealias PasswordLender = @Sendable (_ use: (Span<UInt8>) -> Void) throws -> Void

  public var access: Access
  /// Seconds that one statement may take; nil for no limit. Streams, insertions and backups are not bounded by it.
  public var statementTimeout: Double?
  /// Seconds to wait for a lock that somebody else holds.
  public var lockTimeout: Double
  /// Seconds for the whole way to a usable connection, but for the look-up of the host's name.
  public var connectTimeout: Double
  /// Seconds after which PostgreSQL ends a transaction that does nothing; nil for no limit.
  public var idleTransactionTimeout: Double?
  /// What the server's administrator sees in `pg_stat_activity`.
  public var applicationName: String
  public var password: PasswordLender?

  public init(
    access: Access, statementTimeout: Double? = nil, lockTimeout: Double = 10, connectTimeout: Double = 15,
    idleTransactionTimeout: Double? = nil, applicationName: String = "locktender", password: PasswordLender? = nil
  ) {
    self.access = access
    self.statementTimeout = statementTimeout
    self.lockTimeout = lockTimeout
    self.connectTimeout = connectTimeout
    self.idleTransactionTimeout = idleTransactionTimeout
    self.applicationName = applicationName
    self.password = password
  }

  public static var readOnly: ConnectOptions { ConnectOptions(access: .readOnly) }
  public static var readWrite: ConnectOptions { ConnectOptions(access: .readWrite) }
  public static var create: ConnectOptions { ConnectOptions(access: .create) }
}
