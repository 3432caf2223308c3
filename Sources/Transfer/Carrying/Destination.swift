internal import Base
public import Database

/// Where rows go: how to open it, and the hold without which nothing is written.
public struct Destination: Sendable {
  public let name: String
  public let engine: Engine
  public let schema: String?
  public let hold: DestinationHold
  private let opening: @Sendable () throws -> Connection

  public init(
    name: String, engine: Engine, schema: String?, hold: DestinationHold,
    open: @escaping @Sendable () throws -> Connection
  ) {
    self.name = name
    self.engine = engine
    self.schema = schema
    self.hold = hold
    opening = open
  }

  /// A new connection for one worker. Blocks.
  public func open() throws -> Connection { try opening() }

  public func table(_ name: String) -> TableName { TableName(name, schema: schema) }
}
