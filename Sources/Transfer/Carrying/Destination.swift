internal import Base
public import Database

/// Where rows go: how to open it, and the hold without which nothing is written.
public struct Destination: Sendable {
  public let name: String
  public let engine: Engine
  public let schema: String?
  public let hold: DestinationHold
  /// Looked at before each batch; nil where nothing can be told of the disk.
  public let space: SpaceWatch?
  private let opening: @Sendable () throws -> Connection

  public init(
    name: String, engine: Engine, schema: String?, hold: DestinationHold, space: SpaceWatch? = nil,
    open: @escaping @Sendable () throws -> Connection
  ) {
    self.name = name
    self.engine = engine
    self.schema = schema
    self.hold = hold
    self.space = space
    opening = open
  }

  /// A new connection for one worker. Blocks.
  public func open() throws -> Connection { try opening() }

  public func table(_ name: String) -> TableName { TableName(name, schema: schema) }
}
