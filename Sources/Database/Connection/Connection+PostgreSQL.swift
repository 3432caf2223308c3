extension Connection {
  /// Takes a lock that lasts as long as the session (PostgreSQL documentation, "Advisory Locks"), if nobody has it.
  ///
  /// Of no use behind a pooler that shares sessions: see ``ServerFacts/isPooled``.
  ///
  /// - Returns: whether this session has it now. Taken twice, it must be released twice.
  public func tryAdvisoryLock(key: Int64) throws(DatabaseError) -> Bool {
    try requirePostgreSQL("take an advisory lock")
    return try boolean("select pg_try_advisory_lock(\(key))") ?? false
  }

  /// - Returns: whether this session had it.
  @discardableResult
  public func releaseAdvisoryLock(key: Int64) throws(DatabaseError) -> Bool {
    try requirePostgreSQL("release an advisory lock")
    return try boolean("select pg_advisory_unlock(\(key))") ?? false
  }

  /// A setting's value as this session has it; nil where the server knows none of that name.
  public func serverSetting(_ name: String) throws(DatabaseError) -> String? {
    try requirePostgreSQL("read a setting")
    return try text("select current_setting(\(name), true)")
  }

  private func requirePostgreSQL(_ doing: String) throws(DatabaseError) {
    if engine != .postgresql {
      throw DatabaseError(.unsupported, doing: doing, reason: "\(engine.rawValue) cannot do this")
    }
  }
}
