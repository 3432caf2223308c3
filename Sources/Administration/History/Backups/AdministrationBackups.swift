public import Base
internal import Cryptography
internal import Database
public import Migration

/// The backups that imports have made on this platform: listed, and tested again whenever somebody wants to know.
public struct AdministrationBackups: Sendable {
  public struct Entry: Sendable, Codable, Equatable {
    public let file: String
    /// `main` for a source of that name, or `destination`.
    public let subject: String
    /// Where the database was.
    public let location: String
    public let made: Timestamp
    public let bytes: Int
    /// The digest of all rows in it.
    public let content: String
    /// Whether the file is still where it was written.
    public let isThere: Bool
  }

  public struct Test: Sendable, Codable, Equatable {
    public let file: String
    public let tables: Int
    public let rows: Int
    public let seconds: Double
  }

  private let place: BackupPlace
  private let clock: any Clock

  public init(_ section: AdministrationSection, in workplace: Workplace) {
    place = BackupPlace(section.backups, folder: workplace.folder, secrets: workplace.secrets)
    clock = workplace.clock
  }

  /// Newest first.
  public func list() throws -> [Entry] {
    try place.entries().sorted { $0.made > $1.made }.map { entry in
      Entry(
        file: entry.file, subject: entry.subject, location: entry.location, made: entry.made, bytes: entry.bytes,
        content: entry.content, isThere: try Files.exists(entry.file))
    }
  }

  /// Decrypts a backup, restores it in a scratch place, reads every row, and compares with the list.
  ///
  /// - Parameters:
  ///   - file: its path or the end of it; nil for the newest.
  ///   - progress: what is done now and the bytes of it; what it throws stops the test.
  /// - Throws: `AdministrationError` `unusable` where it holds anything else, `CryptographyError` for a wrong key or a
  ///   changed file.
  public func test(
    _ file: String? = nil,
    progress: @escaping @Sendable (_ what: String, _ done: Int, _ total: Int?) throws -> Void = { _, _, _ in }
  ) async throws -> Test {
    let entry = try find(file)
    let started = clock.now()
    let content = try await BlockingThread(name: "test backup").run { try place.test(entry, tell: progress) }
    return Test(
      file: entry.file, tables: content.tables.count, rows: content.rows,
      seconds: clock.now().seconds(since: started))
  }

  private func find(_ file: String?) throws -> BackupPlace.Entry {
    let all = try place.entries().sorted { $0.made > $1.made }
    let matches = all.filter { entry in file.map { entry.file.hasSuffix($0) } ?? true }
    guard let entry = matches.first, file == nil || matches.count == 1 else {
      throw MigrationError(
        .notFound, doing: "find the backup\(file.map { " \($0)" } ?? "")",
        reason: matches.isEmpty ? "there is none in \(place.folder)" : "\(matches.count) end so",
        advice: "the list of backups names each with its path")
    }
    return entry
  }
}
