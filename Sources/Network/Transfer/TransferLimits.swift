/// What holds for every transfer: whom to trust and how long to wait.
public struct TransferLimits: Sendable {
  /// A PEM file with the certificates of the only authorities to trust; nil for those of the system.
  public var authorityFile: String?
  /// For reaching the other side, TLS included.
  public var connectTimeout = Duration.seconds(10)
  /// For all together.
  public var timeout = Duration.seconds(30)
  /// How many bytes of an answer are taken.
  public var answerLimit = 1 << 20

  public init() {}
}
