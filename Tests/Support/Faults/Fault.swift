/// What a ``FaultProxy`` does to the bytes that it carries.
public enum Fault: Sendable, Equatable {
  /// Holds each piece back for a while.
  case delay(Duration)
  /// Carries this many bytes more in the direction, then closes both sides. 0 closes at the next byte.
  case cut(after: Int, Direction)
  /// Carries this many bytes more in the direction, then nothing, with the connection open.
  case stall(after: Int, Direction)
  /// Closes new connections at once; those that exist go on.
  case refuse

  /// Which way bytes go.
  public enum Direction: Sendable, Equatable {
    case toServer
    case toClient
  }
}
