internal import Base
internal import Migration

/// What this platform remembers of its logs: which source each one was, and the last record that was captured of it.
///
/// A log is known by its first record. Logs are pruned at their beginning, and then have another first record; as long
/// as they still hold the last record that was captured, they are the source that they were. A log that holds nothing
/// of what was captured before is a new source, and cannot bring anything twice.
struct LogBook: Sendable {
  struct Page: Sendable, Codable, Equatable {
    let identity: UniqueID
    let last: UniqueID
  }

  /// The platform's folder for what is kept.
  let folder: String

  private var path: String { folder + "/logs.json" }

  func page(of source: String) throws -> Page? { try pages()[source] }

  /// The identity of a log, given its own by its first record.
  ///
  /// - Parameter holdsLast: whether it holds the record that the book has as the last one.
  func identity(of source: String, own: UniqueID, holdsLast: Bool) throws -> UniqueID {
    guard holdsLast, let page = try page(of: source) else { return own }
    return page.identity
  }

  func note(_ source: String, identity: UniqueID, last: UniqueID) throws {
    try Files.createFolder(folder, withParents: true)
    var pages = try pages()
    pages[source] = Page(identity: identity, last: last)
    try Files.write(encodeJSON(pages, pretty: true), to: path)
  }

  private func pages() throws -> [String: Page] {
    guard try Files.exists(path) else { return [:] }
    return try decodeJSON([String: Page].self, from: Files.read(path, limit: 16 << 20))
  }
}
