public import Base

/// What one organisation runs, as `platform.json5` describes it.
///
/// The file is JSON5. Every version 1 file stays readable; an unknown version, an unknown key, and anything of
/// another shape than documented is refused with file, line, column and key path.
public struct Platform: Sendable {
  public static let fileName = "platform.json5"
  public static let currentVersion = 1
  static let sizeLimit = 1 << 20

  /// The platform file.
  public let file: String
  public let name: String
  /// The sections of the systems by name, as they stand in the file; each system reads its own.
  public let sections: [String: JSONNode]
  public let messages: MessageSettings

  /// Reads a platform file.
  ///
  /// - Parameter systems: the names of the systems that this program knows.
  /// - Throws: ``MigrationError`` `usage` with the cause that names the place.
  public init(reading file: String, systems: [String]) throws(MigrationError) {
    do {
      let tree = try JSONTree(
        reading: file, dialect: .json5, limits: JSONLimits(depth: 16, size: Platform.sizeLimit))
      try self.init(tree, file: file, systems: systems)
    } catch let error as FileError where error.code == .notFound {
      throw MigrationError(
        .usage, doing: "read the platform file", advice: "locktender init writes one", cause: error)
    } catch {
      throw Platform.malformed(error)
    }
  }

  public init(parsing text: String, file: String, systems: [String]) throws(MigrationError) {
    do {
      let tree = try JSONTree(
        parsing: text, source: file, dialect: .json5, limits: JSONLimits(depth: 16, size: Platform.sizeLimit))
      try self.init(tree, file: file, systems: systems)
    } catch {
      throw Platform.malformed(error)
    }
  }

  private init(_ tree: JSONTree, file: String, systems: [String]) throws {
    let root = tree.root
    // The version comes first: what a newer version added must not look like a misspelling.
    let version = try root.required("version")
    guard case .integer(Int64(Platform.currentVersion)) = try version.value() else {
      throw version.error(
        .refusedValue, "this program reads version \(Platform.currentVersion)",
        advice: "Write `version: \(Platform.currentVersion)`, or use the locktender that the file was made for.")
    }
    try root.refuseMembers(besides: ["version", "name", "messages"] + systems)
    let reader = PlatformReader(folder: Paths.folder(of: file))
    self.file = file
    name = try reader.text(root.required("name"))
    messages = try reader.member("messages", of: root).map { try MessageSettings($0, reader) } ?? MessageSettings()
    var sections: [String: JSONNode] = [:]
    for system in systems {
      if let section = root.member(system) { sections[system] = section }
    }
    self.sections = sections
  }

  /// The folder that relative paths in the file start from.
  public var folder: String { Paths.folder(of: file) }

  /// The platform file of a folder: there, or in the nearest folder above.
  ///
  /// - Throws: ``MigrationError`` `usage` where there is none.
  public static func find(from folder: String) throws(MigrationError) -> String {
    var current = folder
    do {
      while true {
        let candidate = Paths.join(current, fileName)
        if try Files.exists(candidate) { return candidate }
        let above = Paths.folder(of: current)
        if above == current || above == "." { break }
        current = above
      }
    } catch {
      throw MigrationError(.usage, doing: "look for \(fileName)", cause: error)
    }
    throw MigrationError(
      .usage, doing: "look for \(fileName)", reason: "there is none in \(folder) or above",
      advice: "locktender init writes one, --platform names one elsewhere")
  }

  /// What is wrong with a platform file or a section of it, with a way out.
  public static func malformed(_ error: any Error) -> MigrationError {
    let way =
      error is JSONError
      ? "correct that place; the guide shows what a platform file looks like"
      : "name the file itself with --platform, and make sure that this user may read it"
    return MigrationError(.usage, doing: "read the platform file", advice: advice(for: error) ?? way, cause: error)
  }
}
