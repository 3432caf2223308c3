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
  /// Tasks that earlier imports have brought.
  let earlierTasks: Set<Key>
  let openSource: @Sendable () throws -> Connection
  /// Which requests are read, where not all of them are.
  var requestCondition: String?
  /// Requests that earlier imports have brought, of the times that are read again.
  var earlierRequests = EarlierRequests()

  /// Unfinished tasks: first of all, so that nothing that waits for somebody is missed.
  func unfinishedTasks() -> [TransferStream] { tasks("tasks.unfinished", TaskTransform.unfinished(release)) }

  /// Everything else, each table or packed text once.
  func history() -> [TransferStream] {
    var streams = [requests()]
    if !release.changesArePacked { streams.append(properties()) }
    if release.sectionsAreRows { streams.append(sections()) }
    streams += tasks("tasks.finished", "NOT (\(TaskTransform.unfinished(release)))")
    if release.textsAreClean { streams.append(originals()) }
    return streams
  }

  private func requests() -> TransferStream {
    let scan = RequestColumns(release, condition: requestCondition).scan
    return stream("requests", scan, RequestTransform.outputs(release)) { writer in
      RequestTransform(release, writer)
    } removal: { removal in
      removal.requests(withChildren: release.changesArePacked)
    }
  }

  private func properties() -> TransferStream {
    stream(
      "properties", PropertyTransform.scan(condition: withRequest("property_change.request_id")),
      PropertyTransform.outputs
    ) { writer in
      PropertyTransform(writer)
    } removal: { removal in
      removal.children("property_change")
    }
  }

  private func sections() -> TransferStream {
    stream(
      "sections", SectionTransform.scan(release, condition: withRequest("s.request_id")), SectionTransform.outputs
    ) { writer in
      SectionTransform(release, writer)
    } removal: { removal in
      removal.children("request_section")
    }
  }

  /// A child whose request is gone has no time: it comes with an import of all times, and with no other.
  private func withRequest(_ column: String) -> String? {
    if range.isAll || release.keysAreIntegers { return nil }
    return "EXISTS (SELECT 1 FROM change_request parent WHERE parent.id = \(column))"
  }

  private func originals() -> TransferStream {
    stream("originals", OriginalTransform.scan(), [HistoryTables.original]) { writer in
      OriginalTransform(writer)
    } removal: { removal in
      removal.originals()
    }
  }

  private func tasks(_ name: String, _ condition: String) -> [TransferStream] {
    let kinds: [TaskKind?] = release.tasksAreDivided ? TaskKind.allCases : [nil]
    return kinds.map { kind in
      let scan = TaskTransform.scan(release, kind, condition: condition)
      let tables = kind.map { [$0] } ?? TaskKind.allCases
      let suffix = kind.map { ".\($0.name(in: .v8_2) ?? "")" } ?? ""
      return stream(name + suffix, scan, TaskTransform.outputs(release, kind)) { writer in
        TaskTransform(release, kind, writer, earlier: earlierTasks)
      } removal: { removal in
        removal.tasks(tables.map { $0.table(in: .v8_2) }, held: name == "tasks.unfinished")
      }
    }
  }

  private func stream(
    _ name: String, _ scan: SourceScan, _ outputs: [OutputTable],
    _ make: @escaping @Sendable (consuming RowComposer) -> any RowTransform,
    removal: @escaping @Sendable (HistoryRemoval) -> [SQL]
  ) -> TransferStream {
    TransferStream(
      name: "\(source)/\(name)", origin: ["source": identity.description, "version": release.description],
      scan: scan, outputs: outputs, openSource: openSource,
      makeTransform: {
        make(RowComposer(source: identity, importID: importID, range: range, earlier: earlierRequests))
      },
      removal: { keys in
        removal(HistoryRemoval(importID: importID, keys: keys, keyKind: scan.keyKind, engine: destination))
      })
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
