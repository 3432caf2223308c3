internal import Base
internal import Directory
internal import Migration

/// An accesslog where it is kept: in a directory.
///
/// slapd writes a record when the request ends, under the time at which it began. So a record may appear below others
/// that are there already. The cut-off is the highest beginning that the first search sees; what began before it and
/// ended later is found by searching the last hour before it again, until nothing new is there.
struct AccesslogDirectory: Sendable {
  let login: DirectoryLogin
  let base: String

  init(login: DirectoryLogin, base: String) {
    self.login = login
    self.base = base
  }

  /// - Parameter secret: what its password is asked for by.
  init(_ place: SourceKind.AccesslogDirectory, _ secrets: any SecretProvider, _ secret: String) {
    self.init(
      login: DirectoryLogin(url: place.url, bind: place.bind, authorityFile: place.ca) {
        try secrets.secret(for: secret)
      },
      base: place.base)
  }

  /// Seconds before the cut-off that are searched again.
  static let lateWindow = 3_600.0
  /// Seconds between two searches: longer than a usual request takes.
  static let settling = 1.0
  static let mostSearches = 20

  /// Writes all records up to the cut-off as LDIF. Blocks.
  ///
  /// - Parameter progress: told bytes.
  /// - Returns: the cut-off; nil for a log without records.
  func export(to path: String, progress: (Int64) throws -> Void) throws -> Timestamp? {
    var connection = try login.connect()
    var writer = try LDIFWriter(path)
    try requireLog(&connection) { try writer.write($0) }
    var seen = RecentRecords(window: AccesslogDirectory.lateWindow)
    try search(&connection, AccesslogDirectory.audit) { entry in
      seen.insert(entry)
      try writer.write(entry)
      try progress(writer.byteCount)
    }
    guard let cutoff = seen.last else {
      try writer.close()
      return nil
    }
    for _ in 0..<AccesslogDirectory.mostSearches {
      try pause(writer.byteCount, progress)
      let from = GeneralizedTime.text(cutoff.advanced(seconds: -AccesslogDirectory.lateWindow))
      let until = GeneralizedTime.text(cutoff)
      var late = 0
      try search(&connection, "(&\(AccesslogDirectory.audit)(reqStart>=\(from))(reqStart<=\(until)))") { entry in
        guard seen.insert(entry) else { return }
        late += 1
        try writer.write(entry)
      }
      if late == 0 { break }
    }
    try writer.close()
    return cutoff
  }

  static let audit = "(objectClass=auditObject)"
  /// In bytes of LDIF, and in rows of 8.2: guesses for a log that is not read in full.
  static let bytesPerRecord = 2_000
  private static let rowsPerRecord = 8

  /// Counts the records by what tells them apart; what they changed is not read. Blocks.
  func tally(lookingFor wanted: UniqueID?) throws -> CaptureTally {
    var connection = try login.connect()
    try requireLog(&connection)
    var reader = AccesslogRecordReader()
    var tally = CaptureTally()
    tally.wanted = wanted
    let attributes = [
      "objectClass", "reqStart", "reqEnd", "reqType", "reqSession", "reqDN", "reqResult", "reqNewRDN",
    ]
    try search(&connection, AccesslogDirectory.audit, attributes: attributes) { entry in
      switch reader.read(entry, line: 0, &tally) {
      case .nothing(let what): tally.leftOut[what, default: 0] += 1
      case .change(let kind): tally.count(reader.record, as: kind)
      }
    }
    tally.rows = tally.carried * AccesslogDirectory.rowsPerRecord
    return tally
  }

  /// Makes sure that the base is an accesslog.
  ///
  /// - Throws: `foreignDatabase`, else what the directory refuses.
  func requireLog(
    _ connection: inout LDAPConnection, _ consume: (borrowing DirectoryEntry) throws -> Void = { _ in }
  ) throws {
    var isLog = false
    try search(
      &connection, LDAPSearch(base: base, scope: .base, attributes: ["*", "+"], pageSize: nil)
    ) { entry in
      isLog = entry.strings("objectClass").contains { $0.lowercased() == "auditcontainer" }
      try consume(entry)
    }
    guard isLog else {
      throw AdministrationError(
        .foreignDatabase, doing: "read \(base)", reason: "it is no accesslog: its class is not auditContainer",
        advice: "name the suffix of the log's own database as base, such as cn=accesslog")
    }
  }

  /// - Parameter attributes: all of the entries' own where none are named.
  func search(
    _ connection: inout LDAPConnection, _ filter: String, attributes: [String] = ["*", "+"],
    _ consume: (borrowing DirectoryEntry) throws -> Void
  ) throws {
    try search(
      &connection, LDAPSearch(base: base, scope: .oneLevel, filter: filter, attributes: attributes), consume)
  }

  private func search(
    _ connection: inout LDAPConnection, _ search: LDAPSearch,
    _ consume: (borrowing DirectoryEntry) throws -> Void
  ) throws {
    do throws(DirectoryError) {
      try connection.search(search, consume)
    } catch {
      // The consumer's own error says more than that it stopped.
      if error.code == .interrupted, let cause = error.cause { throw cause }
      throw error
    }
  }

  private func pause(_ bytes: Int64, _ progress: (Int64) throws -> Void) throws {
    var left = AccesslogDirectory.settling
    while left > 0 {
      try progress(bytes)
      blockThread(seconds: min(left, 0.1))
      left -= 0.1
    }
  }
}

/// The records of the last stretch of a log that were seen, and the latest of all. Older ones are forgotten, so that
/// memory does not grow with the log.
struct RecentRecords: ~Copyable {
  private let window: Double
  private var keys: [String: Timestamp] = [:]
  private var limit = 20_000
  /// The highest beginning seen.
  private(set) var last: Timestamp?

  init(window: Double) { self.window = window }

  /// - Returns: false for a record that is known.
  @discardableResult
  mutating func insert(_ entry: borrowing DirectoryEntry) -> Bool {
    guard let index = entry.index(of: "reqStart"), let start = GeneralizedTime.read(entry.value(index)) else {
      return keys.updateValue(last ?? Timestamp(microseconds: 0), forKey: entry.name) == nil
    }
    last = max(last ?? start, start)
    let isNew = keys.updateValue(start, forKey: entry.name) == nil
    if keys.count > limit, let last {
      let horizon = last.advanced(seconds: -window)
      keys = keys.filter { $0.value >= horizon }
      limit = max(20_000, keys.count * 2)
    }
    return isNew
  }
}
