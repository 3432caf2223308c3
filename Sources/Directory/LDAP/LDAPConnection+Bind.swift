internal import CLDAP

extension LDAPConnection {
  /// Logs in with a name and a password (simple bind, RFC 4513 section 5.1.3).
  ///
  /// - Throws: `invalidCredentials`; `unprotected` where the password would go over the network in clear and the
  ///   options do not allow it; `invalidName` for an empty name or password, which a server would take for an
  ///   anonymous login and accept.
  public mutating func bind(as name: String, password: Span<UInt8>) throws(DirectoryError) {
    let doing = "log in to \(address)"
    guard !name.isEmpty, !password.isEmpty else {
      throw DirectoryError(
        .invalidName, doing: doing, reason: "an empty name or password",
        advice: "give both: a server takes an empty password for an anonymous login")
    }
    guard isProtected || address.isLocal || options.sendsPasswordsInClear else {
      throw DirectoryError(
        .unprotected, doing: doing, reason: "the password would go over the network in clear",
        advice: "use ldaps:// or STARTTLS")
    }
    let code = unsafe password.withUnsafeBytes { bytes in
      let start = unsafe UnsafeMutablePointer(
        mutating: bytes.baseAddress?.assumingMemoryBound(to: CChar.self))
      var credentials = unsafe berval(bv_len: ber_len_t(bytes.count), bv_val: start)
      // No mechanism means a simple bind.
      return unsafe ldap_sasl_bind_s(handle, name, nil, &credentials, nil, nil, nil)
    }
    if code != LDAP_SUCCESS { throw ldapError(code, doing) }
  }

  /// Logs in as the user of this process, whom the server knows from the socket (SASL EXTERNAL over `ldapi://`).
  public mutating func bindAsThisUser() throws(DirectoryError) {
    let doing = "log in to \(address) as the user of this process"
    guard address.scheme == .ldapi else {
      throw DirectoryError(
        .refused, doing: doing, reason: "only a socket tells the user", advice: "use an ldapi:// address")
    }
    // Credentials that are empty, not absent: without any, the server would ask for them.
    var empty: CChar = 0
    let code = unsafe withUnsafeMutablePointer(to: &empty) {
      var credentials = unsafe berval(bv_len: 0, bv_val: $0)
      return unsafe ldap_sasl_bind_s(handle, nil, "EXTERNAL", &credentials, nil, nil, nil)
    }
    if code != LDAP_SUCCESS { throw ldapError(code, doing) }
  }
}
