internal import Base
internal import Database
internal import Transfer

/// The streams of one source database: what is read from where, and what becomes of it.
struct HistoryStreams: Sendable {
  let source: String
  let identity: UniqueID
  let release: Release
  let importID: Int64
  let range: HistoryRange
  let destination: Engine
  let takesUnfinishedTasks: Bool
  /// Tasks that earlier imports have brought.
  let earlierTasks: EarlierTasks
  let openSource: @Sendable () throws -> Connection
  /// Which requests are read, where not all of them are.
  var requestCondition: String?
  /// Requests that earlier imports have brought, of the times that are read again.
  var earlierRequests = EarlierRequests()

  /// Everything but the tasks, each table or packed text once.
  func history() -> [TransferStream] {
    var streams = [requests()]
    if !release.changesArePacked { streams.append(properties()) }
    if release.sectionsAreRows { streams.append(sections()) }
    if release.textsAreClean { streams.append(originals()) }
    return streams
  }

  private func requests() -> TransferStream {
    let scan = RequestColumns(release, condition: requestCondition).scan
    return stream("requests", scan, RequestTransform.outputs(release)) { writer in
      RequestTransform(release, writer)
    } removal: { removal in
      removal.requests(
        withProperties: release.changesArePacked, withSections: !release.sectionsAreRows,
        withOriginals: !release.textsAreClean)
    }
  }

  private func properties() -> TransferStream {
    stream(
      "properties", PropertyTransform.scan(condition: withRequest("property_change.request_id")),
      PropertyTransform.outputs, trace: .byReach(HistoryRemoval.milliseconds(of:))
    ) { writer in
      PropertyTransform(writer)
    } removal: { removal in
      removal.children(.property, withOriginals: !release.textsAreClean)
    }
  }

  private func sections() -> TransferStream {
    let importID = importID
    let byOwnKeys = RowTrace.byOwnKeys(
      rows: { outputs, connection in
        try HistoryRemoval.removeSections(like: outputs, of: importID, on: connection)
      }, all: HistoryRemoval.allSections(of: importID))
    return stream(
      "sections", SectionTransform.scan(release, condition: withRequest("s.request_id")), SectionTransform.outputs,
      trace: release.keysAreIntegers ? byOwnKeys : .byReach(HistoryRemoval.milliseconds(of:))
    ) { writer in
      SectionTransform(release, writer)
    } removal: { removal in
      removal.children(.section, withOriginals: !release.textsAreClean)
    }
  }

  /// A child whose request is gone has no time: it comes with an import of all times, and with no other.
  private func withRequest(_ column: String) -> String? {
    if range.isAll || release.keysAreIntegers { return nil }
    return "EXISTS (SELECT 1 FROM change_request parent WHERE parent.id = \(column))"
  }

  private func originals() -> TransferStream {
    stream(
      "originals", OriginalTransform.scan(), [HistoryTables.original],
      trace: .byReach(HistoryRemoval.milliseconds(of:))
    ) { writer in
      OriginalTransform(writer, try taskScope())
    } removal: { removal in
      removal.originals()
    }
  }

  /// All tasks in one reading: one that is finished while it goes on is either of both, and never both.
  func tasks() -> [TransferStream] {
    let kinds: [TaskKind?] = release.tasksAreDivided ? TaskKind.allCases : [nil]
    return kinds.map { kind in
      let tables = kind.map { [$0] } ?? TaskKind.allCases
      let suffix = kind.map { ".\($0.name(in: .v8_2) ?? "")" } ?? ""
      return stream("tasks" + suffix, TaskTransform.scan(release, kind), TaskTransform.outputs(release, kind)) {
        writer in
        TaskTransform(release, kind, writer, try taskScope())
      } removal: { removal in
        // Other originals of tasks than the state that they came with are read as such where texts are clean.
        removal.tasks(tables.map { $0.table(in: .v8_2) }, originals: release.textsAreClean ? "state" : nil)
      }
    }
  }

  private func taskScope() throws -> TaskScope {
    TaskScope(range: range, takesUnfinished: takesUnfinishedTasks, earlier: try earlierTasks.open())
  }

  private func stream(
    _ name: String, _ scan: SourceScan, _ outputs: [OutputTable],
    trace: RowTrace = .bySourceKey, _ make: @escaping @Sendable (consuming RowComposer) throws -> any RowTransform,
    removal: @escaping @Sendable (HistoryRemoval) -> [SQL]
  ) -> TransferStream {
    TransferStream(
      name: "\(source)/\(name)", origin: ["source": identity.description, "version": release.description],
      scan: scan, outputs: outputs, openSource: openSource,
      makeTransform: {
        try make(RowComposer(source: identity, importID: importID, range: range, earlier: earlierRequests))
      },
      removal: { keys in
        removal(HistoryRemoval(importID: importID, keys: keys, keyKind: scan.keyKind, engine: destination))
      }, trace: trace)
  }
}

extension TaskTransform {
  /// The condition that unfinished tasks fulfil in a release.
  static func unfinished(_ release: Release) -> String {
    let open = TaskState.allCases.filter { !$0.isFinished }
    if release.termsAreCodes {
      return "t.status IN (" + open.compactMap(\.code).map(String.init).joined(separator: ", ") + ")"
    }
    return "t.state IN (" + open.compactMap { $0.name(in: release) }.map { "'\($0)'" }.joined(separator: ", ") + ")"
  }
}
