/// Reads libpq's text about a connection that was not made. libpq gives nothing but this text; it is untranslated,
/// since this process sets no locale.
struct PostgresConnectFailure {
  let address: PostgresAddress
  let text: String

  /// - Parameter diagnose: finds out what is wrong with the server's certificate.
  func error(doing: String, diagnose: () -> String?) -> DatabaseError {
    if let (state, message) = stateAndMessage {
      return DatabaseError.postgres(state, doing: doing, message: message)
    }
    if has("certificate verify failed") {
      return tls(
        doing, diagnose() ?? "the server's certificate is not trusted",
        """
        Give the server a certificate that is valid for its name, or name its authority's file with `sslrootcert=`.
        """)
    }
    if has("does not match host name") {
      return tls(
        doing, "the server's certificate is for another name than \(address.host)",
        """
        Connect by a name that stands in the certificate, or give the server a certificate for this name.
        """)
    }
    if has("root certificate file") || has("could not read root certificate") {
      return tls(
        doing, "the file of trusted certificates cannot be read",
        """
        Correct the path after `sslrootcert=`, or leave it out to trust the system's authorities.
        """)
    }
    if has("does not support SSL") {
      return tls(
        doing, "the server offers no encryption",
        """
        Switch on `ssl` in postgresql.conf and restart the server, or use a Unix socket.
        """)
    }
    if has("SSL error") || has("certificate") || has("private key") {
      return tls(doing, "the encrypted connection is refused", "Look into the server's log.")
    }
    if has("no password supplied") || has("fe_sendauth") {
      return DatabaseError(
        .authentication, doing: doing, reason: "the server asks for a password, and none is given",
        advice: "Give a password for this user as a secret.")
    }
    if has("could not translate host name") {
      return DatabaseError(
        .unreachable, doing: doing, reason: "unknown host \(address.host)",
        advice: "Check the spelling of the host and the machine's name service.", transient: true)
    }
    if has("Connection refused") || has("No such file or directory") {
      return DatabaseError(
        .unreachable, doing: doing, reason: "no server listens there",
        advice:
          "Start the server, or check host and port; a socket's folder is the server's unix_socket_directories.",
        transient: true)
    }
    if has("server closed the connection") || has("Connection reset") || has("Broken pipe") {
      return DatabaseError(
        .connectionLost, doing: doing, reason: "the server closed the connection",
        advice: "Look into the server's log.", transient: true)
    }
    return DatabaseError(
      .unreachable, doing: doing, reason: "the server cannot be reached",
      advice: "Check host, port and the network between here and the server.", transient: true)
  }

  private func has(_ part: String) -> Bool { text.contains(part) }

  private func tls(_ doing: String, _ reason: String, _ advice: String) -> DatabaseError {
    DatabaseError(.tls, doing: doing, reason: reason, advice: advice)
  }

  /// `FATAL:  28P01: password authentication failed for user "x"` – the last such line.
  private var stateAndMessage: (String, String)? {
    for line in text.split(separator: "\n").reversed() {
      let bytes = Array(line.utf8)
      guard bytes.count > 10 else { continue }
      for start in 0..<(bytes.count - 8)
      where bytes[start] == 58 && bytes[start + 1] == 32 && bytes[start + 2] == 32 {
        let state = bytes[(start + 3)..<(start + 8)]
        let rest = bytes[(start + 8)...]
        guard rest.starts(with: [58, 32]), state.allSatisfy({ ($0 >= 48 && $0 <= 57) || ($0 >= 65 && $0 <= 90) })
        else { continue }
        return (String(decoding: state, as: UTF8.self), String(decoding: rest.dropFirst(2), as: UTF8.self))
      }
    }
    return nil
  }
}

extension DatabaseError {
  init(_ code: Code, doing: String, reason: String, advice: String?, transient: Bool) {
    self.init(code, doing: doing, reason: reason, advice: advice)
    isTransient = transient
  }
}
