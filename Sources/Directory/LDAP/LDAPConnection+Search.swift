internal import CLDAP
internal import Glibc

extension LDAPConnection {
  /// Reads entries and hands each on as it arrives; the entry is lent for the call.
  ///
  /// - Throws: the server's refusals; `limitExceeded` after the entries that it gave; `interrupted` when the consumer
  ///   throws, after which the connection can be used on.
  @discardableResult
  public mutating func search(
    _ search: LDAPSearch, _ consume: (borrowing DirectoryEntry) throws -> Void
  ) throws(DirectoryError) -> LDAPSearchSummary {
    var summary = LDAPSearchSummary()
    var entry = DirectoryEntry()
    var cookie = [UInt8]()
    repeat {
      let message = try begin(search, cookie)
      cookie = try readPage(message, &entry, &summary, consume)
      summary.pages += 1
    } while !cookie.isEmpty
    return summary
  }

  /// What the server tells of itself (RFC 4512 section 5.1), operational attributes included.
  public mutating func rootDSE() throws(DirectoryError) -> DirectoryEntry {
    var root = DirectoryEntry()
    let summary = try search(LDAPSearch(base: "", scope: .base, attributes: ["*", "+"], pageSize: nil)) {
      root = $0.copy()
    }
    guard summary.entries == 1 else { throw ldapError(LDAP_NO_SUCH_OBJECT, "read the root of \(address)") }
    return root
  }

  private var doing: String { "search \(address)" }

  /// Sends the request for one page and gives its message number.
  private func begin(_ search: LDAPSearch, _ cookie: [UInt8]) throws(DirectoryError) -> Int32 {
    var control: UnsafeMutablePointer<LDAPControl>?
    if let pageSize = search.pageSize {
      let made = unsafe withBerval(cookie) { cookie in
        unsafe ldap_create_page_control(handle, ber_int_t(pageSize), cookie, 1, &control)
      }
      guard made == LDAP_SUCCESS else { throw ldapError(made, doing) }
    }
    defer { unsafe control.map { unsafe ldap_control_free($0) } }
    let wanted = search.attributes.isEmpty ? ["*"] : search.attributes
    var attributes = unsafe wanted.map { unsafe strdup($0) } + [nil]
    defer { unsafe attributes.forEach { unsafe free($0) } }
    var message: Int32 = 0
    let code = unsafe withUnsafeTemporaryAllocation(of: UnsafeMutablePointer<LDAPControl>?.self, capacity: 2) {
      controls in
      unsafe controls.initialize(repeating: nil)
      unsafe controls[0] = unsafe control
      return unsafe ldap_search_ext(
        handle, search.base, search.scope.rawValue, search.filter,
        &attributes, 0, controls.baseAddress, nil, nil, 0, &message)
    }
    guard code == LDAP_SUCCESS else { throw ldapError(code, doing) }
    return message
  }

  /// Reads the answers to one request; gives the cookie of the next page, empty behind the last.
  private func readPage(
    _ message: Int32, _ entry: inout DirectoryEntry, _ summary: inout LDAPSearchSummary,
    _ consume: (borrowing DirectoryEntry) throws -> Void
  ) throws(DirectoryError) -> [UInt8] {
    while true {
      var time = LDAPConnection.timeout(options.answerTimeout)
      var answer: OpaquePointer?
      let kind = unsafe ldap_result(handle, message, Int32(LDAP_MSG_ONE), &time, &answer)
      guard kind > 0, let answer = unsafe answer else {
        if kind == 0 { unsafe ldap_abandon_ext(handle, message, nil, nil) }
        throw ldapError(kind == 0 ? LDAP_TIMEOUT : LDAP_SERVER_DOWN, doing)
      }
      defer { unsafe ldap_msgfree(answer) }
      switch ber_tag_t(kind) {
      case 0x64:  // LDAP_RES_SEARCH_ENTRY
        guard unsafe read(answer, into: &entry) else { throw ldapError(LDAP_DECODING_ERROR, doing) }
        summary.entries += 1
        do {
          try consume(entry)
        } catch {
          unsafe ldap_abandon_ext(handle, message, nil, nil)
          throw DirectoryError(.interrupted, doing: doing, reason: "the consumer stopped", cause: error)
        }
      case 0x73:  // LDAP_RES_SEARCH_REFERENCE
        summary.references += 1
      case 0x65:  // LDAP_RES_SEARCH_RESULT
        return try unsafe end(answer)
      default:
        throw ldapError(LDAP_DECODING_ERROR, doing)
      }
    }
  }

  /// Reads the result of a page and gives the cookie of the next.
  private func end(_ answer: OpaquePointer) throws(DirectoryError) -> [UInt8] {
    var result: Int32 = 0
    var controls: UnsafeMutablePointer<UnsafeMutablePointer<LDAPControl>?>?
    let code = unsafe ldap_parse_result(handle, answer, &result, nil, nil, nil, &controls, 0)
    defer { unsafe ldap_controls_free(controls) }
    guard code == LDAP_SUCCESS else { throw ldapError(code, doing) }
    guard result == LDAP_SUCCESS else { throw ldapError(result, doing) }
    guard let page = unsafe ldap_control_find(LDAP_CONTROL_PAGEDRESULTS, controls, nil) else { return [] }
    var estimate: ber_int_t = 0
    var cookie = unsafe berval()
    let parsed = unsafe ldap_parse_pageresponse_control(handle, page, &estimate, &cookie)
    guard parsed == LDAP_SUCCESS else { throw ldapError(parsed, doing) }
    defer { unsafe ber_memfree(cookie.bv_val) }
    return unsafe Array(UnsafeRawBufferPointer(start: cookie.bv_val, count: Int(cookie.bv_len)))
  }

  /// Decodes an entry without the copies that libldap's string functions make.
  private func read(_ answer: OpaquePointer, into entry: inout DirectoryEntry) -> Bool {
    var decoder: OpaquePointer?
    var name = unsafe berval()
    guard unsafe ldap_get_dn_ber(handle, answer, &decoder, &name) == LDAP_SUCCESS else { return false }
    defer { unsafe ber_free(decoder, 0) }
    unsafe entry.begin(name: span(name))
    while true {
      var attribute = unsafe berval()
      var values: UnsafeMutablePointer<berval>?
      guard unsafe ldap_get_attribute_ber(handle, answer, decoder, &attribute, &values) == LDAP_SUCCESS else {
        return false
      }
      guard unsafe attribute.bv_val != nil else { return true }
      // The array is ours to free; the bytes belong to the answer.
      defer { unsafe ber_memfree(values) }
      var value = unsafe values
      while let current = unsafe value, unsafe current.pointee.bv_val != nil {
        unsafe entry.append(attribute: span(attribute), value: span(current.pointee))
        unsafe value = unsafe current + 1
      }
    }
  }

  /// The bytes of an answer, which outlive the value that points to them.
  @_lifetime(borrow bytes)
  private func span(_ bytes: borrowing berval) -> Span<UInt8> {
    let raw = unsafe UnsafeRawBufferPointer(start: bytes.bv_val, count: Int(bytes.bv_len))
    let span = unsafe Span<UInt8>(_unsafeBytes: raw)
    return unsafe _overrideLifetime(span, borrowing: bytes)
  }
}

private func withBerval<Result>(
  _ bytes: [UInt8], _ body: (UnsafeMutablePointer<berval>?) -> Result
) -> Result {
  if bytes.isEmpty { return body(nil) }
  var bytes = bytes
  return unsafe bytes.withUnsafeMutableBytes { buffer in
    let start = unsafe buffer.baseAddress?.assumingMemoryBound(to: CChar.self)
    var value = unsafe berval(bv_len: ber_len_t(buffer.count), bv_val: start)
    return unsafe body(&value)
  }
}
