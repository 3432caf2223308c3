import Base
import Testing

/// Files that stand beside the tests.
enum Fixtures {
  static let folder = Paths.join(Paths.folder(of: Paths.folder(of: #filePath)), "Fixtures")
  /// The repository.
  static let root = Paths.folder(of: Paths.folder(of: Paths.folder(of: folder)))

  /// Compares a text with the recorded one. With LOCKTENDER_RECORD set the recording is written anew instead, to
  /// be read by a person before it is committed.
  static func expect(
    _ text: String, isRecordedIn name: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let path = Paths.join(folder, name)
    if isRecording {
      try Files.createFolder(Paths.folder(of: path), permissions: 0o755, withParents: true)
      try Files.write(text, to: path, permissions: 0o644)
      return
    }
    let recorded = try Files.readText(path, limit: 1 << 20)
    #expect(text == recorded, "see \(name)", sourceLocation: sourceLocation)
  }
}
