internal import Administration
internal import Base
internal import Database
internal import Migration

extension CommandContext {
  /// Where `--output` leads; nil for standard output, or whatever the command has as its own place.
  ///
  /// - Throws: ``CommandLineError`` `usage` for a file that is there, unless `--force` is given; with it, too, for what
  ///   the platform lives on: its file, its databases and logs, its plans and runs.
  func outputPath(_ opened: OpenPlatform) throws -> String? {
    guard let given = invocation.value("output") else { return nil }
    let path = Paths.join(try currentFolder(), given)
    guard try Files.exists(path) else { return path }
    let there: FileStatus
    do {
      there = try Files.status(of: path)
    } catch {
      guard error.code == .notFound else { throw error }
      throw refused(path, "it is a link that leads nowhere", "remove it, or name another file")
    }
    guard there.kind != .folder else { throw refused(path, "it is a folder", "name a file in it") }
    for (own, what) in try precious(opened) {
      // By whatever name or link: what counts is the file itself. What is not there cannot be replaced.
      guard let found = try? Files.status(of: own), found.device == there.device, found.inode == there.inode else {
        continue
      }
      throw refused(path, "it is \(what)", "name another file")
    }
    guard path.hasPrefix(opened.engine.workplace.stateFolder + "/") == false else {
      throw refused(path, "plans and runs are kept there", "name a file elsewhere")
    }
    guard invocation.flag("force") else {
      throw refused(path, "it is there already", "name another file, or give --force to replace it")
    }
    return path
  }

  private func refused(_ path: String, _ reason: String, _ advice: String) -> CommandLineError {
    CommandLineError(.usage, doing: "write \(path)", reason: reason, advice: advice)
  }

  /// The files that a platform cannot do without.
  private func precious(_ opened: OpenPlatform) throws -> [(path: String, what: String)] {
    let file = opened.platform.file
    var all = [(file, "the platform file"), (file + ".bak", "the copy of the platform file")]
    guard let section = opened.platform.sections["administration"] else { return all }
    let platform = try AdministrationSection(section, folder: opened.platform.folder)
    for connection in try platform.connections() {
      guard let path = connection.location.path else { continue }
      for suffix in ["", "-wal", "-shm", "-journal"] {
        all.append((path + suffix, "the database of \(connection.name)"))
      }
    }
    for source in platform.sources { all += source.kind.files.map { ($0, "what source \(source.name) reads") } }
    return all
  }
}
