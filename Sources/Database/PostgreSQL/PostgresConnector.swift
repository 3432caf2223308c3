internal import Base
internal import CPostgres
internal import Glibc

/// Makes the connection: libpq's non-blocking way, so that the time limit bounds the whole, and with verbose errors,
/// which are the only place where libpq tells the SQLSTATE of a refused login.
struct PostgresConnector {
  let address: PostgresAddress
  let options: ConnectOptions

  func connect() throws(DatabaseError) -> PostgresHandle {
    try connect(address.isSocket ? [] : HostAddresses.of(address.host))
  }

  /// Tries the numeric addresses of the host one after another, as libpq does; but each gets its share of the time that
  /// is left, since libpq's non-blocking way would spend all of it on one that swallows packets.
  func connect(_ addresses: [String]) throws(DatabaseError) -> PostgresHandle {
    let deadline = monotonicNanoseconds() &+ UInt64(options.connectTimeout * 1e9)
    for (index, numeric) in addresses.dropLast().enumerated() {
      let now = monotonicNanoseconds()
      if now >= deadline { break }
      do throws(DatabaseError) {
        return try connect(("hostaddr", numeric), until: now + (deadline - now) / UInt64(addresses.count - index))
      } catch {
        if error.code != .timeout, error.code != .unreachable { throw error }
      }
    }
    return try connect(addresses.last.map { ("hostaddr", $0) }, until: deadline)
  }

  private func connect(
    _ numeric: (String, String)?, until deadline: UInt64
  ) throws(DatabaseError) -> PostgresHandle {
    let handle = try start(parameters() + (numeric.map { [$0] } ?? []), password: options.password)
    try wait(handle, until: deadline)
    return handle
  }

  func parameters() -> [(String, String)] {
    var list = [
      ("host", address.host), ("port", String(address.port)), ("dbname", address.database),
      ("application_name", options.applicationName), ("client_encoding", "UTF8"), ("gssencmode", "disable"),
      ("keepalives", "1"), ("keepalives_idle", "30"), ("keepalives_interval", "10"), ("keepalives_count", "3"),
      ("tcp_user_timeout", "60000"), ("options", settings),
    ]
    if let user = address.user { list.append(("user", user)) }
    list.append(("sslmode", address.isSocket ? "disable" : address.tlsMode.rawValue))
    if address.isSocket { return list }
    if let file = address.rootCertificate {
      list.append(("sslrootcert", file))
    } else if address.tlsMode == .verifyFull || address.tlsMode == .verifyCA {
      list.append(("sslrootcert", PostgresConnector.systemCertificates))
    }
    if let file = address.clientCertificate { list.append(("sslcert", file)) }
    if let file = address.clientKey { list.append(("sslkey", file)) }
    return list
  }

  /// Where Debian keeps the certificates that the machine trusts.
  static let systemCertificates = "/etc/ssl/certs/ca-certificates.crt"

  /// Settings that hold from the first moment. Dates in ISO form and UTC, so that casts give the same everywhere.
  private var settings: String {
    var list = [
      ("DateStyle", "ISO"), ("TimeZone", "UTC"), ("IntervalStyle", "iso_8601"),
      ("standard_conforming_strings", "on"),
      ("client_min_messages", "warning"), ("extra_float_digits", "3"),
      ("lock_timeout", PostgresConnector.milliseconds(options.lockTimeout)),
      ("statement_timeout", PostgresConnector.milliseconds(options.statementTimeout ?? 0)),
      ("idle_in_transaction_session_timeout", PostgresConnector.milliseconds(options.idleTransactionTimeout ?? 0)),
    ]
    if options.access == .readOnly { list.append(("default_transaction_read_only", "on")) }
    if let schema = address.schema { list.append(("search_path", quotedIdentifier(schema))) }
    return list.map { "-c \($0)=\(escaped($1))" }.joined(separator: " ")
  }

  static func milliseconds(_ seconds: Double) -> String {
    seconds <= 0 ? "0" : String(max(1, Int(min(seconds * 1000, 2_000_000_000))))
  }

  /// The server splits the options at bytes of white space that no backslash stands before: a character of several
  /// scalars may hold one.
  private func escaped(_ value: String) -> String {
    var text = String.UnicodeScalarView()
    for scalar in value.unicodeScalars {
      if scalar == "\\" || scalar == " " || ("\t"..."\r").contains(scalar) { text.append("\\") }
      text.append(scalar)
    }
    return String(text)
  }

  /// Begins to connect. The password's only copy here is wiped; libpq keeps its own until the connection is closed.
  func start(
    _ parameters: [(String, String)], password lend: ConnectOptions.PasswordLender?
  ) throws(DatabaseError) -> PostgresHandle {
    var names = unsafe parameters.map { unsafe strdup($0.0) }
    var values = unsafe parameters.map { unsafe strdup($0.1) }
    var secretLength = 0
    var holdsNUL = false
    defer {
      if secretLength > 0, let secret = unsafe values.last.flatMap({ unsafe $0 }) {
        unsafe explicit_bzero(secret, secretLength)
      }
      unsafe (names + values).forEach { unsafe free($0) }
    }
    if let lend {
      do {
        try lend { bytes in
          let copy = unsafe UnsafeMutablePointer<CChar>.allocateWithMalloc(bytes.count + 1)
          for index in 0..<bytes.count {
            unsafe copy[index] = CChar(bitPattern: bytes[index])
            if bytes[index] == 0 { holdsNUL = true }
          }
          unsafe copy[bytes.count] = 0
          unsafe names.append(strdup("password"))
          unsafe values.append(copy)
          secretLength = bytes.count
        }
      } catch {
        throw DatabaseError(
          .authentication, doing: "connect", reason: "the password cannot be had", cause: error)
      }
    }
    if holdsNUL {
      throw DatabaseError(
        .authentication, doing: "connect", reason: "the password holds a NUL",
        advice: "Store the secret again as text.")
    }
    let pointer = unsafe withTerminated(names) { names in
      unsafe withTerminated(values) { values in unsafe PQconnectStartParams(names, values, 0) }
    }
    guard let pointer = unsafe pointer else {
      throw DatabaseError(.other, doing: "connect", reason: "no memory for a connection")
    }
    unsafe PQsetErrorVerbosity(pointer, PQERRORS_VERBOSE)
    return unsafe PostgresHandle(adopting: pointer)
  }

  private func withTerminated<R>(
    _ list: [UnsafeMutablePointer<CChar>?], _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> R
  ) -> R {
    let terminated: [UnsafePointer<CChar>?] = unsafe list.map { unsafe UnsafePointer($0) } + [nil]
    return unsafe terminated.withUnsafeBufferPointer { unsafe body($0.baseAddress!) }
  }

  /// Goes on until the connection stands, or (for a look at the certificate) until the TLS handshake is over.
  ///
  /// - Parameter deadline: in the nanoseconds of the monotonic clock; without one the whole time limit from now.
  func wait(
    _ handle: borrowing PostgresHandle, untilEncrypted: Bool = false, until deadline: UInt64? = nil
  ) throws(DatabaseError) {
    let pointer = unsafe handle.pointer
    let deadline = deadline ?? monotonicNanoseconds() &+ UInt64(options.connectTimeout * 1e9)
    var wanted = PGRES_POLLING_WRITING
    guard unsafe PQstatus(pointer) != CONNECTION_BAD else { throw failure(handle) }
    while true {
      let now = monotonicNanoseconds()
      if now >= deadline {
        throw DatabaseError(
          .timeout, doing: doing, reason: "no connection within \(options.connectTimeout) s",
          advice: "Check host, port and firewalls between here and the server.", transient: true)
      }
      var waiting = pollfd(
        fd: unsafe PQsocket(pointer), events: Int16(wanted == PGRES_POLLING_READING ? POLLIN : POLLOUT), revents: 0)
      let ready = unsafe poll(&waiting, 1, Int32(min((deadline - now) / 1_000_000 + 1, 60_000)))
      if ready <= 0 { continue }
      wanted = unsafe PQconnectPoll(pointer)
      if wanted == PGRES_POLLING_OK { return }
      if wanted == PGRES_POLLING_FAILED { throw failure(handle) }
      if untilEncrypted, unsafe PQsslInUse(pointer) != 0, unsafe PQstatus(pointer) == CONNECTION_MADE { return }
    }
  }

  private var doing: String { "connect to \(address)" }

  private func failure(_ handle: borrowing PostgresHandle) -> DatabaseError {
    let text = unsafe String(cString: PQerrorMessage(handle.pointer))
    return PostgresConnectFailure(address: address, text: text).error(doing: doing) {
      TLSDiagnosis(connector: self).reason()
    }
  }
}

extension UnsafeMutablePointer<CChar> {
  fileprivate static func allocateWithMalloc(_ count: Int) -> UnsafeMutablePointer<CChar> {
    unsafe malloc(count)!.bindMemory(to: CChar.self, capacity: count)
  }
}
