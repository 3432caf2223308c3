internal import Base
internal import Database
internal import Directory
internal import Migration

extension PlatformReader {
  /// The location of a database, with a SQLite path made absolute from the platform file's folder.
  ///
  /// Its form is checked by ``DatabaseLocation`` itself; nothing is opened.
  func database(_ node: JSONNode, schemes: [String]) throws(JSONError) -> String {
    let text = try text(node)
    guard schemes.contains(where: { text.hasPrefix($0 + ":") }) else {
      throw node.error(
        .refusedValue, "a database's location begins with \(schemes.map { $0 + ":" }.joined(separator: ", "))",
        advice: "Write `sqlite:path/to/file.db` or `postgresql://user@host/database`.")
    }
    do {
      return try DatabaseLocation(text, relativeTo: folder).description
    } catch {
      throw node.error(.refusedValue, error.reason, advice: error.advice)
    }
  }

  /// The address of a directory: `ldaps://host`, `ldap://host`, or `ldapi://` with the path of the local socket.
  func directory(_ node: JSONNode) throws(JSONError) -> String {
    do {
      return try LDAPAddress(text(node)).description
    } catch let error as DirectoryError {
      throw node.error(.refusedValue, error.reason, advice: error.advice)
    } catch let error as JSONError {
      throw error
    } catch {
      throw node.error(.refusedValue, "not the address of a directory", advice: nil)
    }
  }
}
