internal import Base
public import Database
internal import Directory

/// Looks at what somebody named, to say what it is. Reads a few rows or lines, changes nothing; blocks.
public enum SourceProbe {
  /// What a database turned out to be.
  public enum Found: Sendable, Equatable {
    case service(DatabaseIdentity)
    /// There is no such database.
    case absent
    /// It is there and holds no table.
    case blank
  }

  /// - Throws: ``DatabaseError`` where it cannot be opened, ``AdministrationError`` where it is of another product or
  ///   of a release that cannot be read.
  public static func database(
    _ location: DatabaseLocation, password: ConnectOptions.PasswordLender? = nil
  ) throws -> Found {
    if let path = location.path, try !Files.exists(path) { return .absent }
    let connection: Connection
    do throws(DatabaseError) {
      connection = try Connection.open(
        location, options: ConnectOptions(access: .readOnly, connectTimeout: 10, password: password))
    } catch {
      if error.code == .noSuchDatabase { return .absent }
      throw error
    }
    return try connection.transaction(.readOnlySnapshot) {
      if try connection.catalogue().tables.isEmpty { return .blank }
      return .service(try DatabaseIdentity.read(from: connection))
    }
  }

  /// Makes sure that a file is an accesslog in LDIF: its first records are.
  ///
  /// - Throws: ``AdministrationError`` `foreignDatabase` where they are something else, or the file's own error.
  public static func accesslog(ldif path: String) throws {
    struct Enough: Error {}
    var seen = 0
    var isLog = false
    do {
      try LDIFFile.forEachEntry(in: path) { entry, _ in
        seen += 1
        isLog = isLog || entry.strings("objectClass").contains { $0.lowercased().hasPrefix("audit") }
        if isLog || seen >= 10 { throw Enough() }
      }
    } catch {
      // The consumer's own error comes back as the cause of the reader's.
      guard chain(of: error).contains(where: { $0 is Enough }) else { throw error }
    }
    guard isLog else {
      throw AdministrationError(
        .foreignDatabase, doing: "look at \(path)", reason: "its first records are no accesslog",
        advice: "Write one with `slapcat -b cn=accesslog`, with the right name of the log's database.")
    }
  }

  /// Makes sure that a directory answers and shows its log.
  ///
  /// - Returns: false where it answers, but shows nothing to somebody who has not logged in.
  public static func accesslog(url: String, base: String) throws -> Bool {
    var connection = try LDAPConnection(LDAPAddress(url))
    do throws(DirectoryError) {
      let summary = try connection.search(
        LDAPSearch(base: base, scope: .base, attributes: ["1.1"], pageSize: nil)
      ) { _ in }
      return summary.entries > 0
    } catch {
      if [.refused, .denied, .noSuchObject].contains(error.code) { return false }
      throw error
    }
  }

  /// Makes sure that a file is a Samba audit log in JSON: its first record is one.
  ///
  /// - Throws: ``AdministrationError`` `foreignDatabase` where it is something else, or the file's own error.
  public static func sambaAudit(file path: String) throws {
    var reader = try LineReader(path)
    var lines = 0
    while lines < 100, try reader.next() {
      lines += 1
      let line = String(decoding: (0..<reader.line.count).map { reader.line[$0] }, as: UTF8.self)
      // Samba's own log puts a heading before each record.
      guard let start = line.firstIndex(of: "{") else { continue }
      // A line that is no JSON is one of another kind of message: the next may be the one.
      guard let record = try? JSONValue(parsing: Array(line[start...].utf8).span, source: path) else { continue }
      if let type = record["type"]?.stringValue, ["dsdbChange", "groupChange", "dsdbTransaction"].contains(type) {
        return
      }
    }
    throw AdministrationError(
      .foreignDatabase, doing: "look at \(path)", reason: "its first lines are no audit records",
      advice:
        "Set `log level = dsdb_json_audit:5 dsdb_group_json_audit:5` in smb.conf, and name the file that it writes."
    )
  }
}
