internal import CLDAP

/// Makes the error for a result code of RFC 4511, or for a negative one of libldap.
///
/// The server's own message is left out: it may quote names and values.
func ldapError(_ code: Int32, _ doing: String) -> DirectoryError {
  let (kind, advice): (DirectoryError.Code, String?) =
    switch code {
    case LDAP_SERVER_DOWN, LDAP_CONNECT_ERROR:
      (.unreachable, "check that the server runs, and that a firewall lets the port through")
    case LDAP_TIMEOUT: (.timedOut, "check the load of the server, or give it more time")
    case 49: (.invalidCredentials, "check the bind name and its password")
    case 50: (.denied, "give the account the right to read what is searched")
    case 8, 13: (.unprotected, "use ldaps:// or STARTTLS: the server wants the connection protected")
    case 32: (.noSuchObject, "check the base of the search")
    case 68: (.alreadyExists, nil)
    case 3, 4, 11:
      (.limitExceeded, "raise the limits for the account (slapd: `limits`), or search in smaller parts")
    case 51, 52: (.busy, "try again a little later")
    case 10: (.refused, "connect to the server that holds the entries itself")
    case 12: (.refused, "the server does not support a control that is needed, such as paged results")
    case 2, 7, 53: (.refused, nil)
    case 34: (.invalidName, "check how the distinguished name is written")
    case LDAP_FILTER_ERROR: (.invalidName, "check how the filter is written (RFC 4515)")
    default: (.other, nil)
    }
  let text = unsafe ldap_err2string(code).map { unsafe String(cString: $0) } ?? "unknown"
  return DirectoryError(
    kind, doing: doing, reason: "\(text) (\(code))", advice: advice, resultCode: code)
}
