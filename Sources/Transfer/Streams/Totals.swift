public import Cryptography

/// What a stream has carried so far, as its checkpoints in the destination tell.
public struct StreamTotals: Sendable, Equatable {
  public var sourceRows = 0
  public var skippedRows = 0
  public var rejectedRows = 0
  public var tables: [String: DigestSum] = [:]

  public init() {}
}
