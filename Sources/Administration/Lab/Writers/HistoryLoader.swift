internal import Base
internal import Database

/// Brings the stream's history into a database in the shape of its release: while one batch is inserted on a thread
/// of its own, the next is made.
struct HistoryLoader {
  private let schema: ReleaseSchema
  private let connection: Connection

  init(_ options: LabOptions, _ connection: Connection) {
    schema = ReleaseSchema(options.release, options.isUndivided ? .undivided : .history)
    self.connection = connection
  }

  func load(
    _ stream: inout HistoryStream, _ progress: (Lab.Progress) -> Void
  ) async throws -> [TableTotal] {
    switch schema.release {
    case .v7_5, .v7_6: try await load(&stream, through: LocalTimeWriter.self, progress)
    case .v8_0: try await load(&stream, through: InstantWriter.self, progress)
    case .v8_1, .v8_2: try await load(&stream, through: RowWriter.self, progress)
    }
  }

  private func load<Writer: HistoryWriter & ~Copyable>(
    _ stream: inout HistoryStream, through type: Writer.Type, _ progress: (Lab.Progress) -> Void
  ) async throws -> [TableTotal] {
    let batches = [Batch<Writer>(schema, connection), Batch<Writer>(schema, connection)]
    let thread = BlockingThread(name: "lab insertion")
    var made = 0
    var current = 0
    var event = HistoryEvent()
    try await withThrowingTaskGroup(of: Void.self) { group in
      var isInserting = false
      func insert() async throws {
        if isInserting { try await group.next() }
        let batch = batches[current]
        group.addTask(executorPreference: thread) { try batch.flush() }
        isInserting = true
        current = 1 - current
        progress(Lab.Progress(requests: made, total: stream.total))
        try Task.checkCancellation()
      }
      while stream.next(&event) {
        batches[current].writer.write(event)
        made += 1
        if batches[current].writer.isFull { try await insert() }
      }
      try await insert()
      try await group.waitForAll()
    }
    return batches[0].totals + batches[1].totals
  }
}

/// Rows that are filled in by the maker and then emptied by the inserter, in turns.
private final class Batch<Writer: HistoryWriter & ~Copyable>: @unchecked Sendable {
  // SAFETY: the maker gives a batch away before it takes up the other one, and takes it back only when the task
  // that emptied it has ended; the connection is used by these tasks alone, which never run two at a time.
  var writer: Writer
  private let connection: Connection

  init(_ schema: ReleaseSchema, _ connection: Connection) {
    writer = Writer(schema)
    self.connection = connection
  }

  func flush() throws {
    try connection.transaction { try writer.flush(to: connection) }
  }

  var totals: [TableTotal] { writer.totals }
}
