internal import Base
internal import Directory

/// Reads an accesslog that was written to LDIF.
enum AccesslogReading {
  /// Hands on every change in the order of the file and counts the rest. Memory is that of one entry. Blocks.
  ///
  /// - Parameters:
  ///   - wanted: the key of a record that is looked for.
  ///   - consume: is lent each record; what it throws ends the reading.
  /// - Throws: `foreignDatabase` where the file holds no accesslog; ``DirectoryError`` with the line where it is no
  ///   LDIF.
  static func read(
    _ path: String, lookingFor wanted: UniqueID? = nil,
    _ consume: (borrowing CapturedRecord, borrowing CaptureTally) throws -> Void = { _, _ in }
  ) throws -> CaptureTally {
    var reader = AccesslogRecordReader()
    var tally = CaptureTally()
    tally.wanted = wanted
    do throws(DirectoryError) {
      try LDIFFile.forEachEntry(in: path) { entry, position in
        switch reader.read(entry, line: position.line, &tally) {
        case .nothing(let what): tally.leftOut[what, default: 0] += 1
        case .change(let kind):
          tally.count(reader.record, as: kind)
          try consume(reader.record, tally)
        }
      }
    } catch {
      // The consumer's own error says more than that it stopped.
      if error.code == .interrupted, let cause = error.cause { throw cause }
      throw error
    }
    guard tally.carried + tally.damaged > 0 || tally.leftOut.keys.contains(where: { $0 != "other entries" }) else {
      throw AdministrationError(
        .foreignDatabase, doing: "read \(path)", reason: "no entry of an accesslog stands in it",
        advice: "export the log's own database: slapcat -b cn=accesslog")
    }
    return tally
  }

  /// The name beneath which the log's entries stand, in its one normal form; nil where the file has none.
  static func base(of path: String) throws -> String? {
    var base: String?
    do throws(DirectoryError) {
      try LDIFFile.forEachEntry(in: path) { entry, _ in
        guard entry.strings("objectClass").contains(where: { $0.lowercased().hasPrefix("audit") }) else { return }
        let isContainer = entry.strings("objectClass").contains { $0.lowercased() == "auditcontainer" }
        let name = try DistinguishedName(entry.name)
        base = (isContainer ? name : name.parent ?? name).description
        throw Found()
      }
    } catch {
      if error.code == .interrupted, error.cause is Found { return base }
      throw error
    }
    return nil
  }

  private struct Found: Error {}
}
