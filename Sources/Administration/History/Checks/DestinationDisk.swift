internal import Base
internal import Database

/// Where a destination's bytes are on this machine, as far as that can be known.
enum DestinationDisk {
  /// A file's folder, or the data folders of a server that is reached by a socket and shows them. Empty for any other
  /// server: it does not tell how much is free. Blocks.
  static func folders(of destination: HistoryDestination) throws -> [String] {
    if let path = destination.location.path { return [existingFolder(of: path)] }
    guard destination.location.postgres?.isSocket == true,
      let connection = try destination.openReadOnlyIfPresent()
    else { return [] }
    var folders: [String] = []
    // Only some roles are shown it, and only some users may look there.
    if let data = try? connection.text("SELECT current_setting('data_directory')") { folders.append(data) }
    let space = try connection.text(
      """
      SELECT pg_tablespace_location(dattablespace)::text FROM pg_database WHERE datname = current_database()
      """)
    if let space, !space.isEmpty { folders.append(space) }
    // As above.
    return folders.filter { (try? Files.space(at: $0)) != nil }
  }

  private static func existingFolder(of path: String) -> String {
    var folder = Paths.folder(of: path)
    // A folder that cannot be looked at is as good as none here: writing to it fails with its own error.
    while (try? Files.exists(folder)) != true, folder != "/" { folder = Paths.folder(of: folder) }
    return folder
  }
}
