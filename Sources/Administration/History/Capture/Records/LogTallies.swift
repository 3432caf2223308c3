internal import Base
internal import Synchronization

/// Tallies of files that this process has read, so that a plan, which asks several times, reads a large log once.
enum LogTallies {
  private struct File: Hashable {
    let path: String
    let inode: UInt64
    let size: Int64
    let modified: Timestamp
  }

  private struct Entry {
    let files: [File]
    let wanted: UniqueID?
    let tally: CaptureTally
  }

  private static let known = Mutex<[Entry]>([])
  private static let mostEntries = 16

  /// The tally of files as they are now: what is known of them, else what reading them gives.
  static func of(
    _ paths: [String], lookingFor wanted: UniqueID?, reading: () throws -> CaptureTally
  ) throws -> CaptureTally {
    let files = try paths.map { path in
      let status = try Files.status(of: path)
      return File(path: path, inode: status.inode, size: status.size, modified: status.modified)
    }
    let hit = known.withLock { $0.first { $0.files == files && $0.wanted == wanted } }
    if let hit { return hit.tally }
    let tally = try reading()
    known.withLock { entries in
      entries.append(Entry(files: files, wanted: wanted, tally: tally))
      if entries.count > mostEntries { entries.removeFirst() }
    }
    return tally
  }
}
