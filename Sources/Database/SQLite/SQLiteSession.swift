internal import Base
internal import CSQLite
internal import Glibc
internal import Synchronization

/// A SQLite database as an engine.
@safe
final class SQLiteSession: EngineSession {
  // SAFETY: `database` is the pointer of `handle`, and nothing uses it after `close` has taken the handle.
  let engine = Engine.sqlite
  let path: String
  let database: OpaquePointer
  let control: SQLiteControl
  private var handle: SQLiteHandle?
  private var cache: [String: SQLiteStatement] = [:]
  private let statementTimeout: Double?
  let isReadOnly: Bool
  var usesWriteAheadLog = false
  /// How many results are being read.
  var openSources = 0
  /// What the file was when the open read transaction began.
  var snapshotToken: String?

  init(path: String, options: ConnectOptions) throws(DatabaseError) {
    self.path = path
    statementTimeout = options.statementTimeout
    isReadOnly = options.access == .readOnly
    control = SQLiteControl(lockTimeout: options.lockTimeout)
    if options.access == .create {
      // SQLite would let everybody read it. Its own later files take over the mode of this one.
      let file = unsafe Glibc.open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
      if file >= 0 { Glibc.close(file) }
    }
    var pointer: OpaquePointer?
    var flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
    flags |= options.access == .readOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE
    let code = unsafe sqlite3_open_v2(path, &pointer, flags, nil)
    guard let pointer = unsafe pointer else {
      throw DatabaseError.sqlite(code, doing: "open \(path)", message: "")
    }
    unsafe database = pointer
    let handle = unsafe SQLiteHandle(adopting: pointer)
    control.aim(at: handle)
    self.handle = consume handle
    guard code == SQLITE_OK else { throw failure(code, doing: "open \(path)") }
    installCallbacks()
    let file = try checkedFile(options.access)
    do throws(DatabaseError) {
      try configure(options)
    } catch {
      var error = error
      if file.usesWriteAheadLog, error.code == .unreachable || error.code == .permission {
        error.advice =
          "A database with a write-ahead log can only be read where its folder can be written to: copy the file and its -wal file together to such a folder."
      }
      throw error
    }
  }

  deinit {
    control.aimAtNothing()
    cache.removeAll()
  }

  var inTransaction: Bool { unsafe sqlite3_get_autocommit(database) == 0 }

  private func installCallbacks() {
    let context = unsafe Unmanaged.passUnretained(control).toOpaque()
    unsafe sqlite3_busy_handler(database, sqliteBusy, context)
    if statementTimeout != nil { unsafe sqlite3_progress_handler(database, 2000, sqliteProgress, context) }
  }

  /// Tells the faults that SQLite itself passes over or describes in one word.
  private func checkedFile(_ access: ConnectOptions.Access) throws(DatabaseError) -> SQLiteFile {
    let file = try SQLiteFile(inspecting: path)
    switch file.state {
    case .sound: return file
    case .empty where access == .create: return file
    case .empty:
      throw DatabaseError(
        .notADatabase, doing: "open \(path)", reason: "the file is empty",
        advice: "It is probably what a failed copy left: look for the file that the program really uses.")
    case .notADatabase:
      throw failure(SQLITE_NOTADB, doing: "open \(path)")
    case .truncated(let missing):
      throw DatabaseError(
        .corrupt, doing: "open \(path)", reason: "the file is truncated: \(missing) bytes are missing",
        advice: "Copy it again from its origin, or restore it from a backup.")
    }
  }

  private func configure(_ options: ConnectOptions) throws(DatabaseError) {
    for (option, on) in [
      (SQLITE_DBCONFIG_DEFENSIVE, true), (SQLITE_DBCONFIG_TRUSTED_SCHEMA, false),
      (SQLITE_DBCONFIG_DQS_DML, false), (SQLITE_DBCONFIG_ENABLE_FKEY, options.access != .readOnly),
    ] { unsafe csqlite_configure(database, option, on ? 1 : 0) }
    // Readers go through tables and indexes in order: more than the pages around each place is of no use to them.
    try executeScript("pragma cache_size = -\(options.access == .readOnly ? 8192 : 32768)")
    if options.access == .readOnly { try executeScript("pragma query_only = 1; pragma cell_size_check = 1") }
    let mode = try word("pragma journal_mode")
    usesWriteAheadLog = mode == "wal"
    if options.access == .create, !usesWriteAheadLog, try word("pragma page_count") == "0" {
      usesWriteAheadLog = try word("pragma journal_mode = wal") == "wal"
    }
  }

  /// The first field of the first row, as text.
  func word(_ sql: SQL) throws(DatabaseError) -> String? {
    let source = try result(sql, [.text], .throwing)
    defer { source.close() }
    var block = RowBlock(kinds: [.text], capacity: 256)
    try source.read(into: &block, rows: 1, bytes: .max)
    return block.count == 0 ? nil : block[0].string(0)
  }

  func fileIdentity() throws(DatabaseError) -> String {
    var facts = stat()
    guard unsafe stat(path, &facts) == 0 else {
      throw DatabaseError(.unreachable, doing: "identify the database", reason: "the file is gone")
    }
    return "sqlite:\(facts.st_dev):\(facts.st_ino)"
  }

  // MARK: Statements

  /// A prepared statement with its values bound, taken from the cache or made. ``giveBack(_:)`` returns it.
  func take(_ sql: SQL, doing: String) throws(DatabaseError) -> SQLiteStatement {
    let (text, values) = sql.rendered(.sqlite)
    let statement = try take(text: text, doing: doing)
    for (index, value) in values.enumerated() {
      let code = statement.bind(value, at: Int32(index + 1))
      if code != SQLITE_OK {
        giveBack(statement)
        throw failure(code, doing: doing)
      }
    }
    return statement
  }

  func take(text: String, doing: String) throws(DatabaseError) -> SQLiteStatement {
    try checkOpen()
    if let cached = cache.removeValue(forKey: text) { return cached }
    var pointer: OpaquePointer?
    let code = unsafe sqlite3_prepare_v3(
      database, text, Int32(text.utf8.count + 1), UInt32(SQLITE_PREPARE_PERSISTENT), &pointer, nil)
    guard code == SQLITE_OK else { throw failure(code, doing: doing, preparing: true) }
    guard let pointer = unsafe pointer else {
      throw DatabaseError(.syntax, doing: doing, reason: "the statement is empty")
    }
    return unsafe SQLiteStatement(adopting: pointer, text: text)
  }

  func giveBack(_ statement: SQLiteStatement) {
    statement.clear()
    if cache.count >= 64 { cache.removeAll() }
    cache[statement.text] = statement
  }

  func checkOpen() throws(DatabaseError) {
    if handle == nil { throw DatabaseError(.misuse, doing: "use the database", reason: "the connection is closed") }
  }

  /// Runs work under the statement's time limit.
  func timed<R>(_ body: () throws(DatabaseError) -> R) throws(DatabaseError) -> R {
    guard let statementTimeout else { return try body() }
    control.deadlineHasPassed = false
    control.deadline = monotonicNanoseconds() &+ UInt64(statementTimeout * 1e9)
    defer { control.deadline = 0 }
    return try body()
  }

  func failure(_ code: Int32, doing: String, preparing: Bool = false) -> DatabaseError {
    if code & 0xFF == SQLITE_INTERRUPT, control.deadlineHasPassed {
      control.deadlineHasPassed = false
      var error = DatabaseError(.timeout, doing: doing, reason: "the statement takes longer than it may")
      error.sqliteCode = code
      return error
    }
    if code & 0xFF == SQLITE_BUSY, control.waitWasCancelled {
      control.waitWasCancelled = false
      return DatabaseError.sqlite(SQLITE_INTERRUPT, doing: doing, message: "")
    }
    let message = unsafe sqlite3_errmsg(database).map { unsafe String(cString: $0) } ?? ""
    return DatabaseError.sqlite(code, doing: doing, message: message, preparing: preparing)
  }

  // MARK: EngineSession

  func execute(_ sql: SQL) throws(DatabaseError) -> Int {
    let statement = try take(sql, doing: "execute a statement")
    defer { giveBack(statement) }
    let before = unsafe sqlite3_total_changes64(database)
    try timed { () throws(DatabaseError) in
      var code = statement.step()
      while code == SQLITE_ROW { code = statement.step() }
      if code != SQLITE_DONE { throw failure(code, doing: "execute a statement") }
    }
    if unsafe sqlite3_total_changes64(database) == before { return 0 }
    return Int(unsafe sqlite3_changes64(database))
  }

  func executeScript(_ text: String) throws(DatabaseError) {
    try checkOpen()
    try timed { () throws(DatabaseError) in
      let code = unsafe sqlite3_exec(database, text, nil, nil, nil)
      if code != SQLITE_OK {
        throw failure(code, doing: "execute a script", preparing: code & 0xFF == SQLITE_ERROR)
      }
    }
  }

  func result(
    _ sql: SQL, _ kinds: [ColumnKind], _ policy: MismatchPolicy
  ) throws(DatabaseError) -> any RowSource {
    try source(sql, kinds, policy, timed: true)
  }

  func stream(
    _ sql: SQL, _ kinds: [ColumnKind], _ policy: MismatchPolicy
  ) throws(DatabaseError) -> any RowSource {
    try source(sql, kinds, policy, timed: false)
  }

  private func source(
    _ sql: SQL, _ kinds: [ColumnKind], _ policy: MismatchPolicy, timed: Bool
  ) throws(DatabaseError) -> any RowSource {
    let statement = try take(sql, doing: "read rows")
    guard statement.columnCount == kinds.count else {
      giveBack(statement)
      throw DatabaseError(
        .misuse, doing: "read rows",
        reason: "the statement gives \(statement.columnCount) columns, \(kinds.count) are expected")
    }
    return SQLiteRowSource(self, statement, kinds, policy, timed: timed)
  }

  func makeCanceller() -> Canceller {
    let control = control
    return Canceller { control.cancel() }
  }

  func close() throws(DatabaseError) {
    if openSources > 0 { throw DatabaseError.streamIsOpen }
    guard let open = handle.take() else { return }
    control.aimAtNothing()
    cache.removeAll()
    let code = open.close()
    if code != SQLITE_OK { throw DatabaseError.sqlite(code, doing: "close the database", message: "") }
  }
}

func monotonicNanoseconds() -> UInt64 {
  var time = timespec()
  unsafe clock_gettime(CLOCK_MONOTONIC, &time)
  return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
}

/// Waits a little for a lock, until the time is over or somebody cancels. SQLite's own handler cannot be cancelled.
private func sqliteBusy(_ context: UnsafeMutableRawPointer?, _ attempt: Int32) -> Int32 {
  guard let context = unsafe context else { return 0 }
  let control = unsafe Unmanaged<SQLiteControl>.fromOpaque(context).takeUnretainedValue()
  let now = monotonicNanoseconds()
  if attempt == 0 {
    control.waitBegan = now
    control.waitWasCancelled = false
    control.cancellationsWhenWaitBegan = control.cancellations.load(ordering: .relaxed)
  }
  if now &- control.waitBegan >= control.lockNanoseconds { return 0 }
  if control.cancellations.load(ordering: .relaxed) != control.cancellationsWhenWaitBegan {
    control.waitWasCancelled = true
    return 0
  }
  usleep(attempt < 10 ? 1000 << UInt32(min(attempt, 3)) : 25_000)
  return 1
}

/// Interrupts the statement when its time is over.
private func sqliteProgress(_ context: UnsafeMutableRawPointer?) -> Int32 {
  guard let context = unsafe context else { return 0 }
  let control = unsafe Unmanaged<SQLiteControl>.fromOpaque(context).takeUnretainedValue()
  if control.deadline == 0 || monotonicNanoseconds() < control.deadline { return 0 }
  control.deadlineHasPassed = true
  return 1
}
