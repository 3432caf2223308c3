public import Base
internal import Migration

/// One database that was given another address.
public struct ConnectionMove: Sendable, Codable, Equatable {
  public let name: String
  /// As the platform file spelled it before.
  public let from: String
  public let to: String
  /// The `database_id` that was read at both addresses; nil where both were blank, or nothing was read.
  public let identity: UniqueID?
}

/// Every change of an address, oldest first, in `.locktender/connections.jsonl`: what an undo goes by.
struct ConnectionLog: Sendable {
  struct Entry: Sendable, Codable, Equatable {
    enum Act: String, Sendable, Codable { case set, undo }

    let at: Timestamp
    let act: Act
    let changes: [ConnectionMove]
  }

  let path: String

  init(_ workplace: Workplace) { path = workplace.stateFolder + "/connections.jsonl" }

  /// On disk when it returns.
  func append(_ entry: Entry) throws {
    try Files.createFolder(Paths.folder(of: path), withParents: true)
    var writer = try AppendWriter(path)
    let line = try encodeJSON(entry)
    try writer.append(line.span, syncing: true)
  }

  /// A last line that a crash left torn is passed over: its change was never made.
  func entries() throws -> [Entry] {
    guard try Files.exists(path) else { return [] }
    var entries: [Entry] = []
    var reader = try LineReader(path, limit: 1 << 20)
    while try reader.next() {
      var bytes = [UInt8]()
      for index in reader.line.indices { bytes.append(reader.line[index]) }
      // Torn, or of a newer program: nothing was changed by it that could be taken back here.
      if let entry = try? decodeJSON(Entry.self, from: bytes) { entries.append(entry) }
    }
    return entries
  }

  /// The last change that was neither taken back nor overtaken: an undo goes back one change, the next one another.
  func lastStanding() throws -> Entry? {
    var standing: [Entry] = []
    for entry in try entries() {
      switch entry.act {
      case .set: standing.append(entry)
      case .undo: _ = standing.popLast()
      }
    }
    return standing.last
  }
}
