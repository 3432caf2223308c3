public import Base
public import Database
internal import Migration

/// Another location for one or several connections, put into the platform file in one piece.
public struct ConnectionChange: Sendable {
  public let connection: NamedConnection
  public let location: DatabaseLocation

  public init(_ connection: NamedConnection, to location: DatabaseLocation) {
    self.connection = connection
    self.location = location
  }

  /// The text of a platform file with the changes in it and everything else as it was, comments included.
  ///
  /// - Parameter folder: of the file; paths beneath it are written relative to it.
  public static func apply(
    _ changes: [ConnectionChange], to text: String, of file: String
  ) throws(JSONError) -> String {
    var tree = try JSONTree(parsing: text, source: file, dialect: .json5)
    let folder = Paths.folder(of: file) + "/"
    for change in changes {
      let spelling =
        change.location.path.map { "sqlite:" + ($0.hasPrefix(folder) ? String($0.dropFirst(folder.count)) : $0) }
        ?? change.location.description
      try tree.replace(.string(spelling), at: change.connection.path)
    }
    return tree.text
  }
}
