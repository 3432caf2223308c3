public import Base
internal import Database
internal import Migration

extension AdministrationConnections {
  /// Gives databases another address: each new one is tested on a connection of its own, proven to be the same
  /// database, and written into the platform file, all in one replacement of the file.
  ///
  /// Short names of hosts are completed. The old values are kept for ``undo()``.
  ///
  /// - Parameters:
  ///   - locations: the new locations by name.
  ///   - expecting: the `database_id` of a database whose old address does not answer any more, by name.
  /// - Throws: `MigrationError` `usage` for unknown names and databases that are not the same, `blocked` where a test
  ///   fails; `DatabaseError` where the new address does not answer. The file is then as it was.
  @discardableResult
  public func set(
    _ locations: [String: String], expecting: [String: UniqueID] = [:]
  ) async throws -> [ConnectionChange] {
    let wanted = try locations.sorted { $0.key < $1.key }.map { name, text in
      let (found, old) = try find(name)
      return (name: found, old: old, new: try normalized(text, for: found), expected: expecting[name])
    }
    let changes = try await BlockingThread(name: "set").run {
      try wanted.map { change in
        let identity = try prove(change.name, from: change.old, to: change.new, expected: change.expected)
        return ConnectionChange(
          name: change.name.description, from: change.old, to: change.new.description, identity: identity)
      }
    }
    try write(changes, act: .set)
    return changes
  }

  /// Gives all databases of one side another host, in one replacement of the file.
  ///
  /// - Parameter side: `destination`, or `source.NAME`.
  @discardableResult
  public func setHost(_ side: String, to host: String) async throws -> [ConnectionChange] {
    var locations: [String: String] = [:]
    for (name, text) in section.connections
    where name.description == side || name.description.hasPrefix(side + ".") {
      guard case .postgresql(var address) = try DatabaseLocation(text).kind else { continue }
      address.host = host
      locations[name.description] = address.description
    }
    guard !locations.isEmpty else {
      throw MigrationError(
        .usage, doing: "change the host of \(side)", reason: "the platform file names no server there",
        advice: "connections there: \(names.joined(separator: ", "))")
    }
    return try await set(locations)
  }

  /// Takes the last change back that still stands. Tests nothing: the new address may be what does not work.
  @discardableResult
  public func undo() async throws -> [ConnectionChange] {
    guard let last = try ConnectionLog(workplace).lastStanding() else {
      throw MigrationError(
        .usage, doing: "take a change of connections back", reason: "none was made here",
        advice: "locktender administration connection show")
    }
    for change in last.changes {
      let (name, current) = try find(change.name)
      guard try DatabaseLocation(current) == DatabaseLocation(change.to) else {
        throw MigrationError(
          .usage, doing: "take the change of \(name) back", reason: "somebody has changed it since",
          advice: "locktender administration connection set \(name) '\(change.from)'")
      }
    }
    let back = last.changes.map {
      ConnectionChange(name: $0.name, from: $0.to, to: $0.from, identity: $0.identity)
    }
    try write(back, act: .undo)
    return back
  }

  // MARK: Proof

  private func normalized(_ text: String, for name: ConnectionName) throws -> DatabaseLocation {
    let location = try DatabaseLocation(text)
    switch location.kind {
    case .postgresql(var address) where !address.isSocket:
      address.host = try HostName(address.host).qualified(resolve)
      return DatabaseLocation(.postgresql(address))
    case .postgresql, .sqlite: return location
    case .odbc:
      throw MigrationError(
        .usage, doing: "change the connection \(name)", reason: "an ODBC source cannot be tested as the same",
        advice: "write it into \(platformFile) by hand")
    }
  }

  /// - Returns: what both addresses call themselves; nil where both are blank.
  private func prove(
    _ name: ConnectionName, from old: String, to new: DatabaseLocation, expected: UniqueID?
  ) throws -> UniqueID? {
    let test = try trial(name, new).run()
    if let block = test.findings.first(where: { $0.blocks }) {
      throw MigrationError(
        .blocked, doing: "change the connection \(name)", reason: "\(block.check): \(block.message)",
        advice: block.remedy)
    }
    let known = try expected ?? oldIdentity(name, old)
    guard test.identity == known else {
      let (there, here) = (test.identity?.description ?? "blank", known?.description ?? "blank")
      throw MigrationError(
        .usage, doing: "change the connection \(name)",
        reason: "it is another database: \(there) there, \(here) here",
        advice: "give the address of the same database; another one is named in the platform file by hand")
    }
    return test.identity
  }

  private func oldIdentity(_ name: ConnectionName, _ old: String) throws -> UniqueID? {
    do {
      let connection = try Connection.open(DatabaseLocation(old), options: options(name, .readOnly))
      guard try connection.catalogue()["product_info"] != nil else { return nil }
      return try DatabaseIdentity.read(from: connection).id
    } catch {
      // A change that was proven before tells what is at its new address.
      let earlier = try ConnectionLog(workplace).entries().flatMap(\.changes).last { change in
        change.name == name.description && change.to == old
      }
      if let identity = earlier?.identity { return identity }
      throw MigrationError(
        .usage, doing: "change the connection \(name)",
        reason: "the old address does not tell which database it is",
        advice: "make it answer, or say which database_id is expected: --expect ID", cause: error)
    }
  }

  // MARK: The file

  /// Keeps the old values first, so that a change that was made can always be taken back.
  private func write(_ changes: [ConnectionChange], act: ConnectionLog.Entry.Act) throws {
    try Files.createFolder(workplace.stateFolder, withParents: true)
    let lock = try FileLock.acquire(workplace.stateFolder + "/platform.lock")
    var tree = try JSONTree(reading: platformFile, dialect: .json5)
    for change in changes {
      let (name, old) = try find(change.name)
      guard let node = tree[name.path], try DatabaseLocation(located(node.string())) == DatabaseLocation(old) else {
        throw MigrationError(
          .usage, doing: "write \(platformFile)", reason: "\(name.path) is no longer what was read",
          advice: "look at the file, then try again")
      }
      try tree.replace(.string(change.to), at: name.path)
    }
    try ConnectionLog(workplace).append(
      ConnectionLog.Entry(at: workplace.clock.now(), act: act, changes: changes))
    let bytes = tree.bytes
    try Files.rewrite(platformFile, with: bytes.span)
    lock.release()
  }

  /// A file's path in the platform file starts at the platform file's folder.
  private func located(_ text: String) -> String {
    guard text.hasPrefix("sqlite:") else { return text }
    return "sqlite:" + Paths.join(Paths.folder(of: platformFile), String(text.dropFirst("sqlite:".count)))
  }
}
