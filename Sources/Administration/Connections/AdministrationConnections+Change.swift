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
  ) async throws -> [ConnectionMove] {
    let wanted = try locations.sorted { $0.key < $1.key }.map { name, text in
      let connection = try find(name)
      return (connection: connection, new: try normalized(text, for: connection), expected: expecting[name])
    }
    let moves = try await BlockingThread(name: "set").run {
      try wanted.map { move in
        let identity = try prove(move.connection, at: move.new, expected: move.expected)
        return ConnectionMove(
          name: move.connection.name, from: move.connection.location.description, to: move.new.description,
          identity: identity)
      }
    }
    try write(moves, act: .set)
    return moves
  }

  /// Gives all databases of one side another host, in one replacement of the file.
  ///
  /// - Parameter side: `destination`, or `source.NAME`.
  @discardableResult
  public func setHost(_ side: String, to host: String) async throws -> [ConnectionMove] {
    var locations: [String: String] = [:]
    for connection in try section.connections()
    where connection.name == side || connection.name.hasPrefix(side + ".") {
      guard var address = connection.location.postgres else { continue }
      address.host = host
      locations[connection.name] = address.description
    }
    guard !locations.isEmpty else {
      throw MigrationError(
        .usage, doing: "change the host of \(side)", reason: "the platform file names no server there",
        advice: "connections there: \(try names().joined(separator: ", "))")
    }
    return try await set(locations)
  }

  /// Takes the last change back that still stands. Tests nothing: the new address may be what does not work.
  @discardableResult
  public func undo() async throws -> [ConnectionMove] {
    guard let last = try ConnectionLog(workplace).lastStanding() else {
      throw MigrationError(
        .usage, doing: "take a change of connections back", reason: "none was made here",
        advice: "locktender administration connection show")
    }
    for change in last.changes {
      guard try find(change.name).location == DatabaseLocation(change.to) else {
        throw MigrationError(
          .usage, doing: "take the change of \(change.name) back", reason: "somebody has changed it since",
          advice: "locktender administration connection set \(change.name) '\(change.from)'")
      }
    }
    let back = last.changes.map {
      ConnectionMove(name: $0.name, from: $0.to, to: $0.from, identity: $0.identity)
    }
    try write(back, act: .undo)
    return back
  }

  // MARK: Proof

  private func normalized(_ text: String, for connection: NamedConnection) throws -> DatabaseLocation {
    let location = try DatabaseLocation(text)
    switch location.kind {
    case .postgresql(var address) where !address.isSocket:
      address.host = try HostName(address.host).qualified(resolve)
      return DatabaseLocation(.postgresql(address))
    case .postgresql, .sqlite: return location
    case .odbc:
      throw MigrationError(
        .usage, doing: "change the connection \(connection.name)",
        reason: "an ODBC source cannot be tested as the same",
        advice: "write it into \(platformFile) by hand")
    }
  }

  /// - Returns: what both addresses call themselves; nil where both are blank.
  private func prove(
    _ connection: NamedConnection, at new: DatabaseLocation, expected: UniqueID?
  ) throws -> UniqueID? {
    let probe = try trial(connection, new).run()
    if let block = probe.findings.first(where: { $0.blocks }) {
      throw MigrationError(
        .blocked, doing: "change the connection \(connection.name)", reason: "\(block.check): \(block.message)",
        advice: block.remedy)
    }
    let known = try expected ?? oldIdentity(connection)
    guard probe.identity == known else {
      let (there, here) = (probe.identity?.description ?? "blank", known?.description ?? "blank")
      throw MigrationError(
        .usage, doing: "change the connection \(connection.name)",
        reason: "it is another database: \(there) there, \(here) here",
        advice: "give the address of the same database; another one is named in the platform file by hand")
    }
    return probe.identity
  }

  private func oldIdentity(_ connection: NamedConnection) throws -> UniqueID? {
    do {
      let open = try Connection.open(connection.location, options: options(connection, .readOnly))
      guard try open.catalogue()["product_info"] != nil else { return nil }
      return try DatabaseIdentity.read(from: open).id
    } catch {
      // A change that was proven before tells what is at its new address.
      let earlier = try ConnectionLog(workplace).entries().flatMap(\.changes).last { move in
        move.name == connection.name && move.to == connection.location.description
      }
      if let identity = earlier?.identity { return identity }
      throw MigrationError(
        .usage, doing: "change the connection \(connection.name)",
        reason: "the old address does not tell which database it is",
        advice: "make it answer, or say which database_id is expected: --expect ID", cause: error)
    }
  }

  // MARK: The file

  /// Keeps the old values first, so that a change that was made can always be taken back.
  private func write(_ moves: [ConnectionMove], act: ConnectionLog.Entry.Act) throws {
    try Files.createFolder(workplace.stateFolder, withParents: true)
    let lock = try FileLock.acquire(workplace.stateFolder + "/platform.lock")
    let text = try Files.readText(platformFile, limit: 1 << 20)
    let changes = try moves.map { move in
      ConnectionChange(try find(move.name), to: try DatabaseLocation(move.to))
    }
    let tree = try JSONTree(parsing: text, source: platformFile, dialect: .json5)
    for change in changes {
      guard let node = tree[change.connection.path],
        try DatabaseLocation(located(node.string())) == change.connection.location
      else {
        throw MigrationError(
          .usage, doing: "write \(platformFile)", reason: "\(change.connection.path) is no longer what was read",
          advice: "look at the file, then try again")
      }
    }
    let changed = Array(try ConnectionChange.apply(changes, to: text, of: platformFile).utf8)
    try ConnectionLog(workplace).append(
      ConnectionLog.Entry(at: workplace.clock.now(), act: act, changes: moves))
    try Files.rewrite(platformFile, with: changed.span)
    lock.release()
  }

  /// A file's path in the platform file starts at the platform file's folder.
  private func located(_ text: String) -> String {
    guard text.hasPrefix("sqlite:") else { return text }
    return "sqlite:" + Paths.join(Paths.folder(of: platformFile), String(text.dropFirst("sqlite:".count)))
  }
}
