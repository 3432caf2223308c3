internal import CSQLite
internal import Glibc

/// What a SQLite file tells before it is opened for work (sqlite.org/fileformat2.html).
public struct SQLiteFile: Sendable, Hashable {
  public enum State: Sendable, Hashable {
    case sound
    /// Not one byte.
    case empty
    /// Another kind of file, or an encrypted database.
    case notADatabase
    /// Shorter than its header says, by so many bytes.
    case truncated(missing: Int)
  }

  public let path: String
  public let state: State
  /// Of the database file alone, in bytes.
  public let bytes: Int
  public let pageSize: Int
  /// What programs mark their files with (`PRAGMA application_id`, `PRAGMA user_version`).
  public let applicationID: UInt32
  public let userVersion: UInt32
  public let usesWriteAheadLog: Bool
  /// Of the write-ahead log: transactions that only stand there are part of the data, so the file may not be copied
  /// without it.
  public let logBytes: Int
  /// A journal of a transaction that was cut off; the next opener rolls it back.
  public let hasRollbackJournal: Bool

  /// Looks at a file. Reads through SQLite, since opening and closing the file elsewhere would drop the locks that this
  /// process holds on it. No lock is taken: a file that is being written may look truncated.
  public init(inspecting path: String) throws(DatabaseError) {
    var pointer: OpaquePointer?
    let flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
    let code = unsafe sqlite3_open_v2(path, &pointer, flags, nil)
    guard let pointer = unsafe pointer else {
      throw DatabaseError.sqlite(code, doing: "inspect the file", message: "")
    }
    let handle = unsafe SQLiteHandle(adopting: pointer)
    if code != SQLITE_OK { throw DatabaseError.sqlite(code, doing: "inspect the file", message: "") }
    var header = [UInt8](repeating: 0, count: 100)
    let size = SQLiteFile.read(handle, &header)
    func number(_ offset: Int, _ count: Int) -> Int {
      header[offset..<(offset + count)].reduce(0) { $0 << 8 | Int($1) }
    }
    self.path = path
    bytes = size
    pageSize = number(16, 2) == 1 ? 65_536 : number(16, 2)
    applicationID = UInt32(number(68, 4))
    userVersion = UInt32(number(60, 4))
    usesWriteAheadLog = number(18, 1) == 2
    logBytes = SQLiteFile.size(path + "-wal")
    hasRollbackJournal = SQLiteFile.size(path + "-journal") > 0
    // The count in the header holds only where the version that wrote it is the change counter (1.3.7).
    let expected = number(24, 4) == number(92, 4) ? number(28, 4) * pageSize : 0
    if size == 0 {
      state = .empty
    } else if size < 100 || !header.starts(with: Array("SQLite format 3\0".utf8)) {
      state = .notADatabase
    } else if size < expected, logBytes == 0 {
      state = .truncated(missing: expected - size)
    } else {
      state = .sound
    }
  }

  /// Reads the start of the database file.
  ///
  /// - Returns: how long the file is.
  private static func read(_ handle: borrowing SQLiteHandle, _ header: inout [UInt8]) -> Int {
    var file: UnsafeMutablePointer<sqlite3_file>?
    unsafe sqlite3_file_control(handle.pointer, "main", SQLITE_FCNTL_FILE_POINTER, &file)
    guard let file = unsafe file, let methods = unsafe file.pointee.pMethods else { return 0 }
    var size: Int64 = 0
    _ = unsafe methods.pointee.xFileSize?(file, &size)
    _ = unsafe methods.pointee.xRead?(file, &header, Int32(min(size, 100)), 0)
    return Int(size)
  }

  private static func size(_ path: String) -> Int {
    var facts = stat()
    return unsafe stat(path, &facts) == 0 ? Int(facts.st_size) : 0
  }
}
