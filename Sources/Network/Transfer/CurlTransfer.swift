internal import CCurl
internal import Glibc

/// One transfer by libcurl (libcurl-easy(3)), for one use.
///
/// Never follows a redirect, uses no proxy, and checks certificates always.
@safe
struct CurlTransfer: ~Copyable {
  private let handle: OpaquePointer
  private let exchange: Exchange
  private var lists: [OpaquePointer]
  private let doing: String
  private let isMail: Bool

  /// The bytes that go out and come in, at an address that libcurl can keep.
  final class Exchange {
    var outgoing = [UInt8]()
    var sent = 0
    var incoming = [UInt8]()
    var limit = 0
    var isTooLarge = false
  }

  init(_ url: String, protocols: String, limits: TransferLimits, doing: String) throws(NetworkError) {
    _ = isInitialised
    if let file = limits.authorityFile, unsafe access(file, R_OK) != 0 {
      throw NetworkError(
        .invalidInput, doing: doing, reason: "\(file): \(unsafe String(cString: strerror(errno)))",
        advice: "give a readable PEM file with the certificate of the authority")
    }
    guard let made = unsafe curl_easy_init() else {
      throw NetworkError(.other, doing: doing, reason: "libcurl cannot be started")
    }
    unsafe handle = OpaquePointer(made)
    exchange = Exchange()
    unsafe lists = []
    self.doing = doing
    isMail = protocols.hasPrefix("smtp")
    exchange.limit = limits.answerLimit
    set(CURLOPT_URL, url)
    set(CURLOPT_PROTOCOLS_STR, protocols)
    set(CURLOPT_PROXY, "")
    set(CURLOPT_NOSIGNAL, 1)
    set(CURLOPT_FOLLOWLOCATION, 0)
    set(CURLOPT_SSLVERSION, ccurl_tls_1_2)
    set(CURLOPT_SSL_VERIFYPEER, 1)
    set(CURLOPT_SSL_VERIFYHOST, 2)
    if let file = limits.authorityFile {
      set(CURLOPT_CAINFO, file)
      set(CURLOPT_CAPATH, nil as String?)
    }
    set(CURLOPT_CONNECTTIMEOUT_MS, milliseconds(limits.connectTimeout))
    set(CURLOPT_TIMEOUT_MS, milliseconds(limits.timeout))
    unsafe ccurl_set_callback(made, CURLOPT_WRITEFUNCTION, receive)
    unsafe ccurl_set_pointer(made, CURLOPT_WRITEDATA, Unmanaged.passUnretained(exchange).toOpaque())
  }

  deinit {
    unsafe curl_easy_cleanup(UnsafeMutableRawPointer(handle))
    unsafe lists.forEach { unsafe curl_slist_free_all(UnsafeMutablePointer($0)) }
  }

  func set(_ option: CURLoption, _ value: Int) {
    unsafe ccurl_set_long(UnsafeMutableRawPointer(handle), option, value)
  }

  /// libcurl keeps a copy.
  func set(_ option: CURLoption, _ value: String?) {
    unsafe ccurl_set_text(UnsafeMutableRawPointer(handle), option, value)
  }

  /// Sets a text that ends with a zero byte; libcurl keeps a copy.
  func set(_ option: CURLoption, _ value: borrowing Span<CChar>) {
    _ = unsafe value.withUnsafeBufferPointer {
      unsafe ccurl_set_text(UnsafeMutableRawPointer(handle), option, $0.baseAddress)
    }
  }

  mutating func set(_ option: CURLoption, list texts: [String]) {
    var list: UnsafeMutablePointer<curl_slist>?
    for text in texts { unsafe list = curl_slist_append(list, text) ?? list }
    guard let list = unsafe list else { return }
    unsafe lists.append(OpaquePointer(list))
    unsafe ccurl_set_pointer(UnsafeMutableRawPointer(handle), option, list)
  }

  /// Gives the bytes that the transfer sends.
  func upload(_ bytes: [UInt8]) {
    exchange.outgoing = bytes
    set(CURLOPT_UPLOAD, 1)
    unsafe ccurl_set_callback(UnsafeMutableRawPointer(handle), CURLOPT_READFUNCTION, supply)
    unsafe ccurl_set_pointer(
      UnsafeMutableRawPointer(handle), CURLOPT_READDATA, Unmanaged.passUnretained(exchange).toOpaque())
  }

  /// Runs the transfer. Blocks.
  func perform() throws(NetworkError) -> (status: Int, body: [UInt8]) {
    let code = unsafe curl_easy_perform(UnsafeMutableRawPointer(handle))
    var status = 0
    unsafe ccurl_get_long(UnsafeMutableRawPointer(handle), CURLINFO_RESPONSE_CODE, &status)
    if exchange.isTooLarge {
      throw NetworkError(
        .tooLarge, doing: doing, reason: "the answer is longer than \(exchange.limit) bytes")
    }
    guard code == CURLE_OK else { throw networkError(code, status: status, isMail: isMail, doing) }
    return (status, exchange.incoming)
  }
}

private let isInitialised: Bool = curl_global_init(ccurl_global_default) == CURLE_OK

private func milliseconds(_ duration: Duration) -> Int {
  let (seconds, attoseconds) = duration.components
  // Zero means "for ever" to libcurl.
  return max(1, Int(seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000))
}

private func receive(
  _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
  guard let bytes = unsafe bytes, let context = unsafe context else { return 0 }
  let exchange = unsafe Unmanaged<CurlTransfer.Exchange>.fromOpaque(context).takeUnretainedValue()
  guard exchange.incoming.count + size * count <= exchange.limit else {
    exchange.isTooLarge = true
    return 0
  }
  unsafe exchange.incoming.append(contentsOf: UnsafeRawBufferPointer(start: bytes, count: size * count))
  return size * count
}

private func supply(
  _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
  guard let bytes = unsafe bytes, let context = unsafe context else { return 0 }
  let exchange = unsafe Unmanaged<CurlTransfer.Exchange>.fromOpaque(context).takeUnretainedValue()
  let length = min(size * count, exchange.outgoing.count - exchange.sent)
  unsafe exchange.outgoing.withUnsafeBytes { outgoing in
    if let start = outgoing.baseAddress {
      unsafe UnsafeMutableRawPointer(bytes).copyMemory(from: start + exchange.sent, byteCount: length)
    }
  }
  exchange.sent += length
  return length
}
