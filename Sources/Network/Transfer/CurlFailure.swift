internal import CCurl

/// Makes the error for a code of libcurl (libcurl-errors(3)).
///
/// libcurl's own messages may quote addresses and answers, so its general text for the code stands instead.
///
/// - Parameters:
///   - status: the last answer's code, 0 before one.
///   - isMail: whether it is one of SMTP (RFC 5321, section 4.2.1), where 4xx passes and 5xx stays, or of HTTP, where it
///     is the other way round (RFC 9110, section 15).
func networkError(_ code: CURLcode, status: Int, isMail: Bool, _ doing: String) -> NetworkError {
  let (kind, advice): (NetworkError.Code, String?) =
    switch code {
    case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL: (.invalidInput, "check the address")
    case CURLE_COULDNT_RESOLVE_HOST: (.unreachable, "check the name of the host, and the DNS of this machine")
    case CURLE_COULDNT_CONNECT, CURLE_GOT_NOTHING:
      (.unreachable, "check that the server runs, and that a firewall lets the port through")
    case CURLE_OPERATION_TIMEDOUT: (.timedOut, "check the load of the server, or give it more time")
    case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS:
      (
        .untrusted,
        "compare the name in the address with the certificate, and name the authority's certificate file"
      )
    case CURLE_SSL_CACERT_BADFILE: (.untrusted, "check that the authority's file holds PEM certificates")
    case CURLE_SSL_CONNECT_ERROR: (.untrusted, "check that the server speaks TLS 1.2 or later on this port")
    case CURLE_USE_SSL_FAILED: (.unprotected, "turn STARTTLS on at the server, or use smtps://")
    case CURLE_LOGIN_DENIED: (.invalidCredentials, "check user and password")
    case _ where passes(status, isMail: isMail): (.busy, "try again a little later")
    case _ where (400..<600).contains(status):
      (
        .refused,
        isMail ? "check sender, recipients, and the rights of the user" : "check the address and what it accepts"
      )
    case CURLE_SEND_ERROR, CURLE_RECV_ERROR: (.unreachable, "check the connection to the server")
    default: (.other, nil)
    }
  let text = unsafe String(cString: curl_easy_strerror(code))
  let answer = status > 0 ? ", answer \(status)" : ""
  return NetworkError(kind, doing: doing, reason: "\(text) (\(code.rawValue)\(answer))", advice: advice)
}

private func passes(_ status: Int, isMail: Bool) -> Bool {
  (isMail ? 400..<500 : 500..<600).contains(status) || (!isMail && status == 429)
}
