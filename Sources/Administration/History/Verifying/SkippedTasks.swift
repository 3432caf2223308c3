internal import Transfer

/// Tasks that neither side of a comparison counts, by their keys in the source.
struct SkippedTasks: Sendable {
  /// Those that a service has revised since: see ``HistoryInvariants/usedTasks(of:_:on:)``.
  var used: Set<Key> = []
  /// Those that earlier imports have brought.
  var earlier: EarlierTasks?

  /// Opens them for one reader.
  func open() throws -> Lookup { Lookup(used: used, earlier: try earlier?.open()) }

  struct Lookup {
    fileprivate let used: Set<Key>
    fileprivate let earlier: EarlierTasks.Lookup?

    func contains(_ key: Key) -> Bool { used.contains(key) || earlier?.contains(key) == true }
  }
}
