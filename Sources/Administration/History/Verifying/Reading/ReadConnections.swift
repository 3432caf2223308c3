internal import Database

/// Connections for statements that are read side by side.
///
/// SQLite reads any number of statements on one connection, and one is enough memory; PostgreSQL can do nothing else
/// while it streams.
final class ReadConnections {
  private let open: () throws -> Connection
  private let prepare: (Connection) throws -> Void
  private var connections: [Connection] = []

  init(
    _ open: @escaping () throws -> Connection, prepare: @escaping (Connection) throws -> Void = { _ in }
  ) {
    self.open = open
    self.prepare = prepare
  }

  subscript(index: Int) -> Connection {
    get throws {
      if let first = connections.first, first.engine == .sqlite { return first }
      while connections.count <= index {
        let connection = try open()
        try prepare(connection)
        connections.append(connection)
      }
      return connections[index]
    }
  }
}
