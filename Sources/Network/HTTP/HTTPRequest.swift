internal import CCurl

/// A request over HTTPS, for web hooks.
public struct HTTPRequest: Sendable {
  public enum Method: Sendable {
    case get
    case post(body: [UInt8], contentType: String)
  }

  /// One field of the header.
  public struct Field: Sendable, Hashable {
    public var name: String
    public var value: String

    public init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// Begins with `https://`.
  public var url: String
  public var method: Method
  public var fields: [Field]

  public init(_ method: Method, _ url: String, fields: [Field] = []) {
    self.method = method
    self.url = url
    self.fields = fields
  }

  /// A message in JSON to a web hook.
  public static func post(json: [UInt8], to url: String, fields: [Field] = []) -> HTTPRequest {
    HTTPRequest(.post(body: json, contentType: "application/json"), url, fields: fields)
  }

  /// Sends the request and gives the answer, whatever its status; a redirect is an answer like any other. Blocks.
  ///
  /// - Throws: `invalidInput`, `unreachable`, `timedOut`, `untrusted`, `tooLarge`.
  public func send(_ limits: TransferLimits = TransferLimits()) throws(NetworkError) -> HTTPAnswer {
    let host = try host(of: url, schemes: ["https"], doing: "read the address of a web hook")
    let verb: String
    var lines = fields.map { "\($0.name): \($0.value)" }
    // An empty value makes libcurl leave the field out, which it would add on its own account.
    lines.append("Expect:")
    switch method {
    case .get: verb = "GET"
    case .post(_, let contentType):
      verb = "POST"
      lines.append("Content-Type: \(contentType)")
    }
    let doing = "\(verb) to \(host)"
    for field in fields {
      guard !field.name.isEmpty, field.name.utf8.allSatisfy(isTokenByte), field.value.utf8.allSatisfy(isFieldByte)
      else { throw NetworkError(.invalidInput, doing: doing, reason: "a header field with forbidden characters") }
    }
    var transfer = try CurlTransfer(url, protocols: "https", limits: limits, doing: doing)
    if case .post(let body, let contentType) = method {
      guard contentType.utf8.allSatisfy(isFieldByte) else {
        throw NetworkError(.invalidInput, doing: doing, reason: "a content type with forbidden characters")
      }
      transfer.upload(body)
      transfer.set(CURLOPT_INFILESIZE, body.count)
      transfer.set(CURLOPT_CUSTOMREQUEST, "POST")
    }
    transfer.set(CURLOPT_HTTPHEADER, list: lines)
    let (status, body) = try transfer.perform()
    return HTTPAnswer(status: status, body: body)
  }
}

/// What a server answered.
public struct HTTPAnswer: Sendable {
  public let status: Int
  public let body: [UInt8]

  /// Whether the server did what was asked: a status from 200 to 299.
  public var isSuccess: Bool { (200..<300).contains(status) }

  /// The body as text, with invalid UTF-8 replaced.
  public var text: String { String(decoding: body, as: UTF8.self) }
}

/// RFC 9110 section 5.6.2.
private func isTokenByte(_ byte: UInt8) -> Bool {
  switch byte {
  case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
    UInt8(ascii: "0")...UInt8(ascii: "9"):
    true
  default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
  }
}

/// A line end within a value would begin another field.
private func isFieldByte(_ byte: UInt8) -> Bool { byte >= 0x20 && byte < 0x7F }
