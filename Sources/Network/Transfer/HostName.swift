internal import CCurl

/// The host of an address, for messages.
///
/// - Throws: `invalidInput` for another scheme, and for a user or password in the address.
func host(of url: String, schemes: [String], doing: String) throws(NetworkError) -> String {
  func refuse(_ reason: String) -> NetworkError {
    NetworkError(.invalidInput, doing: doing, reason: reason, advice: "write \(schemes[0])://HOST/…")
  }
  guard let parsed = unsafe curl_url() else { throw refuse("libcurl cannot be started") }
  defer { unsafe curl_url_cleanup(parsed) }
  guard unsafe curl_url_set(parsed, CURLUPART_URL, url, 0) == CURLUE_OK else { throw refuse("not an address") }
  func part(_ part: CURLUPart) -> String? {
    var text: UnsafeMutablePointer<CChar>?
    guard unsafe curl_url_get(parsed, part, &text, 0) == CURLUE_OK, let text = unsafe text else { return nil }
    defer { unsafe curl_free(text) }
    return unsafe String(cString: text)
  }
  guard let scheme = part(CURLUPART_SCHEME), schemes.contains(scheme) else { throw refuse("another protocol") }
  guard part(CURLUPART_USER) == nil, part(CURLUPART_PASSWORD) == nil else {
    throw refuse("a user or password in the address")
  }
  guard let host = part(CURLUPART_HOST), !host.isEmpty else { throw refuse("no host") }
  return host
}
