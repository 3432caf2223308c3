public import Database

extension RangeLedger {
  /// Returns once every commit so far is on the disk, those included that did not wait for it: a commit that does
  /// wait comes behind them in the same log.
  func flush(on connection: Connection) throws {
    if connection.engine == .sqlite { try connection.setSynchronous(.full) }
    try connection.waitForDisk()
    try connection.execute("UPDATE locktender_fence SET token = token WHERE name = 'destination'")
  }
}

extension Connection {
  /// Has this session's commits on PostgreSQL wait for the disk where database or role say that none need to. Wherever
  /// more than that is asked for, such as another server's disk, it stays as it is.
  public func waitForDisk() throws {
    guard engine == .postgresql else { return }
    _ = try text(
      """
      SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'
      """)
  }

  /// Whether a table is there, in the schema where unqualified names are looked up.
  func hasTable(_ name: String) throws -> Bool {
    switch engine {
    case .sqlite:
      try integer("SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = \(name)") != 0
    case .postgresql, .odbc:
      try boolean("SELECT to_regclass(\(name)) IS NOT NULL") == true
    }
  }
}
