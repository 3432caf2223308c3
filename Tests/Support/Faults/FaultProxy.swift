internal import Glibc
internal import Synchronization

/// A proxy between a client and a server, over TCP or Unix sockets, that delays, stalls or cuts connections.
///
/// Two threads carry a connection, one each way; a closed side is passed on as such. All ends with the
/// last reference.
public final class FaultProxy: Sendable {
  /// Where a server is.
  public enum Address: Sendable {
    /// A port of 127.0.0.1.
    case port(UInt16)
    /// A Unix socket.
    case socket(String)

    var socketAddress: SocketAddress {
      switch self {
      case .port(let port): .loopback(port)
      case .socket(let path): .unix(path)
      }
    }
  }

  /// The port of 127.0.0.1 on which clients are served; 0 where a Unix socket was asked for.
  public let port: UInt16
  private let switchboard: Switchboard
  private let accepting: NativeThread

  /// Listens on a free port, or on the Unix socket, and carries everything to the server.
  public init(to server: Address, listeningOn socket: String? = nil) throws(SupportError) {
    let address: SocketAddress = if let socket { .unix(socket) } else { .loopback(0) }
    let listener = try address.listening()
    port = socket == nil ? SocketAddress.port(of: listener) ?? 0 : 0
    let switchboard = Switchboard(listener: listener, server: server.socketAddress)
    self.switchboard = switchboard
    accepting = try NativeThread { switchboard.acceptAll() }
  }

  /// In front of a PostgreSQL server: on a port where that listens on one, else on a socket in `folder`.
  public convenience init(before server: PrivatePostgres, in folder: TestFolder) throws(SupportError) {
    if case .socket = server.settings.listening {
      let name = ".s.PGSQL.\(server.port)"
      try self.init(to: .socket("\(server.host)/\(name)"), listeningOn: folder / name)
    } else {
      try self.init(to: .port(server.port))
    }
  }

  deinit {
    switchboard.close()
    accepting.join()
  }

  /// Does this from now on, to open and to new connections; counts of bytes start anew. nil carries faithfully.
  public func set(_ fault: Fault?) { switchboard.set(fault) }

  /// Closes all open connections, now.
  public func cutAll() { switchboard.cutAll() }

  /// Connections accepted so far.
  public var accepted: Int { switchboard.state.withLock { $0.accepted } }

  /// Bytes carried so far in a direction, over all connections.
  public func carried(_ direction: Fault.Direction) -> Int {
    switchboard.state.withLock { direction == .toServer ? $0.toServer : $0.toClient }
  }
}
