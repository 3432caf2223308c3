internal import Base
internal import CLDAP
internal import Glibc

/// A connection to a directory server, closed when it ends.
///
/// All calls block, each no longer than the options allow. After `unreachable` and `timedOut` the connection is of no
/// more use: make a new one. Referrals are not followed. Belongs to one thread at a time.
@safe
public struct LDAPConnection: ~Copyable, @unchecked Sendable {
  // SAFETY: Sendable because the handle is owned by exactly one value and nothing else points to it.
  let handle: OpaquePointer
  let address: LDAPAddress
  let options: LDAPOptions
  private let watch: ConnectionWatch

  /// Connects, and protects the connection where the address or the options ask for it.
  ///
  /// - Throws: `unreachable`, `timedOut`, `untrusted` for certificates, `invalidName` for options that contradict
  ///   the address.
  public init(_ address: LDAPAddress, options: LDAPOptions = LDAPOptions()) throws(DirectoryError) {
    let doing = "connect to \(address)"
    guard !options.startTLS || address.scheme == .ldap else {
      throw DirectoryError(
        .invalidName, doing: doing, reason: "STARTTLS is for ldap:// only",
        advice: "leave STARTTLS out: \(address.scheme.rawValue):// is protected by itself")
    }
    if let file = options.authorityFile, unsafe access(file, R_OK) != 0 {
      throw DirectoryError(
        .file, doing: doing, reason: "\(file): \(unsafe String(cString: strerror(errno)))",
        advice: "give a readable PEM file with the certificate of the authority")
    }
    var made: OpaquePointer?
    let code = unsafe ldap_initialize(&made, address.description)
    guard code == LDAP_SUCCESS, let made = unsafe made else { throw ldapError(code, doing) }
    let watch = ConnectionWatch(answerTimeout: options.answerTimeout)
    unsafe watch.attach(to: made)
    if let error = unsafe LDAPConnection.connect(made, watch, address, options, doing) {
      // libldap tells the watch of the end.
      withExtendedLifetime(watch) { _ = unsafe ldap_unbind_ext_s(made, nil, nil) }
      throw error
    }
    unsafe handle = unsafe made
    self.address = address
    self.options = options
    self.watch = watch
  }

  deinit { unsafe ldap_unbind_ext_s(handle, nil, nil) }

  /// Whether nobody on the way can read what is said.
  var isProtected: Bool { address.scheme != .ldap || options.startTLS }

  private static func connect(
    _ handle: OpaquePointer, _ watch: ConnectionWatch, _ address: LDAPAddress, _ options: LDAPOptions,
    _ doing: String
  ) -> DirectoryError? {
    guard unsafe configure(handle, options) else {
      return DirectoryError(
        .untrusted, doing: doing, reason: "TLS cannot be set up",
        advice: "check that \(options.authorityFile ?? LDAPOptions.systemAuthorityFile) holds PEM certificates")
    }
    let before = ContinuousClock.now
    let (code, timedOut) = watch.during(options.connectTimeout) {
      unsafe options.startTLS ? ldap_start_tls_s(handle, nil, nil) : ldap_connect(handle)
    }
    if timedOut || (code != LDAP_SUCCESS && before.duration(to: .now) >= options.connectTimeout) {
      return ldapError(LDAP_TIMEOUT, doing)
    }
    if code == LDAP_SUCCESS { return nil }
    // libldap gives one code for a server that is not there and for one that is not trusted; only its message
    // tells them apart. At this point it is about certificates, and holds nothing of a customer.
    let message = unsafe diagnostic(handle)
    if options.startTLS || address.scheme == .ldaps, !message.isEmpty, !message.contains("Connection refused"),
      code < 0, code != LDAP_TIMEOUT
    {
      return DirectoryError(
        .untrusted, doing: doing, reason: "TLS failed: \(message)",
        advice: "compare the name in the address with the certificate, and name the authority's certificate file",
        resultCode: code)
    }
    return ldapError(code, doing)
  }

  /// Sets everything that an ldap.conf or an environment variable could have set otherwise.
  private static func configure(_ handle: OpaquePointer, _ options: LDAPOptions) -> Bool {
    func set(_ option: Int32, _ value: Int32) -> Bool {
      var value = value
      return unsafe ldap_set_option(handle, option, &value) == LDAP_OPT_SUCCESS
    }
    func set(_ option: Int32, _ duration: Duration) -> Bool {
      var time = timeout(duration)
      return unsafe ldap_set_option(handle, option, &time) == LDAP_OPT_SUCCESS
    }
    let file = options.authorityFile ?? LDAPOptions.systemAuthorityFile
    let check = options.trustsAnyServerWithoutChecking ? LDAP_OPT_X_TLS_NEVER : LDAP_OPT_X_TLS_DEMAND
    return unsafe set(LDAP_OPT_PROTOCOL_VERSION, LDAP_VERSION3)
      && ldap_set_option(handle, LDAP_OPT_REFERRALS, nil) == LDAP_OPT_SUCCESS
      && set(LDAP_OPT_DEREF, LDAP_DEREF_NEVER)
      && set(LDAP_OPT_SIZELIMIT, 0) && set(LDAP_OPT_TIMELIMIT, 0)
      && set(LDAP_OPT_NETWORK_TIMEOUT, options.connectTimeout) && set(LDAP_OPT_TIMEOUT, options.answerTimeout)
      && set(LDAP_OPT_X_TLS_REQUIRE_CERT, check)
      && set(LDAP_OPT_X_TLS_PROTOCOL_MIN, 0x303)  // TLS 1.2
      && ldap_set_option(handle, LDAP_OPT_X_TLS_CACERTFILE, file) == LDAP_OPT_SUCCESS
      && ldap_set_option(handle, LDAP_OPT_X_TLS_CACERTDIR, nil) == LDAP_OPT_SUCCESS
      && set(LDAP_OPT_X_TLS_NEWCTX, 0)
  }

  private static func diagnostic(_ handle: OpaquePointer) -> String {
    var text: UnsafeMutablePointer<CChar>?
    guard unsafe ldap_get_option(handle, LDAP_OPT_DIAGNOSTIC_MESSAGE, &text) == LDAP_OPT_SUCCESS,
      let text = unsafe text
    else { return "" }
    defer { unsafe ldap_memfree(text) }
    return unsafe String(cString: text)
  }

  static func timeout(_ duration: Duration) -> timeval {
    let (seconds, attoseconds) = duration.components
    return timeval(tv_sec: Int(seconds), tv_usec: Int(attoseconds / 1_000_000_000_000))
  }
}
