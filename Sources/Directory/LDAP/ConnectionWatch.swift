internal import CLDAP
internal import Dispatch
internal import Glibc
internal import Synchronization

/// Ends a connection attempt that takes too long, by shutting its socket down from another thread.
///
/// libldap 2.5 goes round in its TLS handshake for ever, at full load, when a server takes the connection and says
/// nothing: its own time-out holds for reaching the server only. So it tells this object the socket as soon as there
/// is one, between TCP and TLS. The memory that libldap points to must outlive the handle.
@safe
final class ConnectionWatch: @unchecked Sendable {
  // SAFETY: Sendable because what changes is in the mutex, and the callbacks' memory is written before it is shared.
  private struct State {
    var socket: Int32 = -1
    var hasFired = false
  }

  private let state = Mutex(State())
  private let answerTimeout: timeval
  private let callbacks: UnsafeMutablePointer<ldap_conncb>

  init(answerTimeout: Duration) {
    self.answerTimeout = LDAPConnection.timeout(answerTimeout)
    unsafe callbacks = .allocate(capacity: 1)
    unsafe callbacks.initialize(to: ldap_conncb(lc_add: connected, lc_del: disconnected, lc_arg: nil))
    unsafe callbacks.pointee.lc_arg = Unmanaged.passUnretained(self).toOpaque()
  }

  /// Has the handle tell its sockets; it must end before this object.
  func attach(to handle: OpaquePointer) { unsafe ldap_set_option(handle, LDAP_OPT_CONNECT_CB, callbacks) }

  deinit { unsafe callbacks.deallocate() }

  /// Makes an attempt; tells whether time ran out.
  func during(_ limit: Duration, _ attempt: () -> Int32) -> (code: Int32, timedOut: Bool) {
    let alarm = DispatchWorkItem { self.fire() }
    DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(milliseconds(limit)), execute: alarm)
    let code = attempt()
    alarm.cancel()
    return state.withLock {
      if $0.socket >= 0 { close($0.socket) }
      $0.socket = -1
      return (code, $0.hasFired)
    }
  }

  /// Whether time has run out.
  var hasFired: Bool { state.withLock { $0.hasFired } }

  private func fire() {
    state.withLock {
      $0.hasFired = true
      if $0.socket >= 0 { shutdown($0.socket, Int32(SHUT_RDWR)) }
    }
  }

  /// Keeps a descriptor of its own: libldap may close its one at any time, and the number may be another's then. A
  /// socket that comes when time is up already, after a long look at names or at a dead address, ends at once.
  func take(_ socket: Int32) {
    var time = answerTimeout
    let size = socklen_t(MemoryLayout<timeval>.size)
    // Without these a server that stops within a message would hold us for ever.
    unsafe setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &time, size)
    unsafe setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &time, size)
    let own = fcntl(socket, F_DUPFD_CLOEXEC, 3)
    state.withLock {
      if $0.socket >= 0 { close($0.socket) }
      $0.socket = own
      if $0.hasFired { shutdown(own, Int32(SHUT_RDWR)) }
    }
  }
}

private func milliseconds(_ duration: Duration) -> Int {
  let (seconds, attoseconds) = duration.components
  return Int(seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000)
}

/// Called by libldap when TCP is connected and TLS has not begun.
private func connected(
  _ handle: OpaquePointer?, _ buffer: OpaquePointer?, _ server: UnsafeMutablePointer<LDAPURLDesc>?,
  _ address: UnsafeMutablePointer<sockaddr>?, _ callbacks: UnsafeMutablePointer<ldap_conncb>?
) -> Int32 {
  var socket: ber_socket_t = -1
  unsafe ber_sockbuf_ctrl(buffer, LBER_SB_OPT_GET_FD, &socket)
  guard socket >= 0, let argument = unsafe callbacks?.pointee.lc_arg else { return LDAP_SUCCESS }
  unsafe Unmanaged<ConnectionWatch>.fromOpaque(argument).takeUnretainedValue().take(socket)
  // The time-out has done its work; with one, libldap would spin through the handshake instead of waiting.
  var never = timeval(tv_sec: -1, tv_usec: 0)
  unsafe ldap_set_option(handle, LDAP_OPT_NETWORK_TIMEOUT, &never)
  return LDAP_SUCCESS
}

private func disconnected(
  _ handle: OpaquePointer?, _ buffer: OpaquePointer?, _ callbacks: UnsafeMutablePointer<ldap_conncb>?
) {}
