internal import Glibc
internal import Synchronization

/// The connections of a ``FaultProxy`` and the fault in force.
final class Switchboard: Sendable {
  struct State {
    var fault: Fault?
    /// Rises with each change of the fault, so that waiting threads see it.
    var generation = 0
    /// Bytes carried since the fault was set, in its direction.
    var counted = 0
    var isClosed = false
    var accepted = 0
    var toServer = 0
    var toClient = 0
    var open: [Int: Connection] = [:]
  }

  /// What a thread does with the bytes at hand.
  enum Verdict {
    case carry(Int)
    /// Carries so many, then closes.
    case cut(Int)
    /// Carries so many, then asks again when the fault has changed.
    case stall(Int, generation: Int)
    case closed
  }

  let state = Mutex(State())
  private let listener: Int32
  private let server: SocketAddress

  init(listener: Int32, server: SocketAddress) {
    self.listener = listener
    self.server = server
  }

  deinit { Glibc.close(listener) }

  /// Runs on the accepting thread until the proxy is closed.
  func acceptAll() {
    var carriers: [NativeThread] = []
    while true {
      let client = accept(listener, nil, nil)
      if client < 0 {
        if errno == EINTR || errno == ECONNABORTED { continue }
        break
      }
      _ = fcntl(client, F_SETFD, FD_CLOEXEC)
      let refuses = state.withLock { state in
        state.accepted += 1
        return state.fault == .refuse || state.isClosed
      }
      guard !refuses, let peer = server.connected() else {
        Glibc.close(client)
        continue
      }
      let connection = Connection(client: client, server: peer)
      let number = state.withLock { state in
        state.open[state.accepted] = connection
        if state.isClosed { connection.cut() }
        return state.accepted
      }
      for direction in [Fault.Direction.toServer, .toClient] {
        let thread = try? NativeThread { [self] in carry(connection, direction, number) }  // no thread: cut below
        if let thread { carriers.append(thread) } else { connection.cut() }
      }
    }
    cutAll()
    for carrier in carriers { carrier.join() }
  }

  private func carry(_ connection: Connection, _ direction: Fault.Direction, _ number: Int) {
    let (from, to) = connection.ends(direction)
    var buffer = [UInt8](repeating: 0, count: 65536)
    reading: while true {
      let count = unsafe recv(from, &buffer, buffer.count, 0)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { break }
      var rest = buffer[..<count]
      while !rest.isEmpty {
        if let pause = delay { usleep(pause) }
        switch verdict(on: rest.count, direction) {
        case .carry(let count):
          guard sendAll(rest.prefix(count), to: to) else { break reading }
          rest.removeFirst(count)
        case .cut(let count):
          _ = sendAll(rest.prefix(count), to: to)
          connection.cut()
          break reading
        case .stall(let count, let generation):
          guard sendAll(rest.prefix(count), to: to) else { break reading }
          rest.removeFirst(count)
          while isUnchanged(generation), !connection.isCut { usleep(1_000) }
          if connection.isCut { break reading }
        case .closed: break reading
        }
      }
    }
    shutdown(to, Int32(SHUT_WR))
    if connection.ended() { _ = state.withLock { $0.open.removeValue(forKey: number) } }
  }

  private func verdict(on count: Int, _ direction: Fault.Direction) -> Verdict {
    state.withLock { state in
      if state.isClosed { return .closed }
      var verdict = Verdict.carry(count)
      var carried = count
      switch state.fault {
      case .cut(let limit, direction) where state.counted + count >= limit:
        carried = max(0, limit - state.counted)
        verdict = .cut(carried)
      case .stall(let limit, direction) where state.counted + count >= limit:
        carried = max(0, limit - state.counted)
        verdict = .stall(carried, generation: state.generation)
      default: break
      }
      switch state.fault {
      case .cut(_, direction), .stall(_, direction): state.counted += carried
      default: break
      }
      if direction == .toServer { state.toServer += carried } else { state.toClient += carried }
      return verdict
    }
  }

  private var delay: UInt32? {
    guard case .delay(let time) = state.withLock({ $0.fault }) else { return nil }
    return UInt32(time / .microseconds(1))
  }

  private func isUnchanged(_ generation: Int) -> Bool {
    state.withLock { $0.generation == generation && !$0.isClosed }
  }

  func set(_ fault: Fault?) {
    state.withLock { state in
      state.fault = fault
      state.generation += 1
      state.counted = 0
    }
  }

  func cutAll() {
    let open = state.withLock { Array($0.open.values) }
    for connection in open { connection.cut() }
  }

  func close() {
    state.withLock { $0.isClosed = true }
    shutdown(listener, Int32(SHUT_RDWR))  // wakes the accepting thread
    cutAll()
  }
}

/// A client's and a server's socket; closed when both threads have let go.
final class Connection: Sendable {
  private let client: Int32
  private let server: Int32
  private let state = Mutex((isCut: false, ended: 0))

  init(client: Int32, server: Int32) {
    self.client = client
    self.server = server
  }

  deinit {
    close(client)
    close(server)
  }

  func ends(_ direction: Fault.Direction) -> (from: Int32, to: Int32) {
    direction == .toServer ? (client, server) : (server, client)
  }

  var isCut: Bool { state.withLock { $0.isCut } }

  /// Ends both sides and wakes both threads.
  func cut() {
    state.withLock { $0.isCut = true }
    shutdown(client, Int32(SHUT_RDWR))
    shutdown(server, Int32(SHUT_RDWR))
  }

  /// True for the second of the two threads.
  func ended() -> Bool {
    state.withLock { state in
      state.ended += 1
      return state.ended == 2
    }
  }
}

/// False where the other side is gone.
private func sendAll(_ bytes: ArraySlice<UInt8>, to descriptor: Int32) -> Bool {
  var rest = bytes
  while !rest.isEmpty {
    let count = unsafe rest.withUnsafeBytes {
      unsafe send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
    }
    if count < 0 && errno == EINTR { continue }
    guard count > 0 else { return false }
    rest.removeFirst(count)
  }
  return true
}
