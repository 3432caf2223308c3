internal import Base
internal import Network

/// One way on which messages leave: a web hook or a mail server. Sends once, blocking; tries nothing again.
enum MessageChannel: Sendable {
  case webhook(MessageSettings.Webhook)
  case mail(MessageSettings.Mail)

  var title: String {
    switch self {
    case .webhook: "web hook"
    case .mail: "mail"
    }
  }

  /// The name under which its secret is asked for; nil where it needs none.
  var secretName: String? {
    switch self {
    case .webhook(let settings): settings.token == nil ? nil : "messages.webhook"
    case .mail(let settings): settings.password == nil ? nil : "messages.mail"
    }
  }

  /// - Throws: `NetworkError`; for an answer of the web hook too that is not a success.
  func send(_ message: Message, secret: borrowing SecretBytes?) throws {
    switch self {
    case .webhook(let settings): try MessageChannel.post(message, settings, token: secret)
    case .mail(let settings): try MessageChannel.mail(message, settings, password: secret)
    }
  }

  private static func limits(authority: String?) -> TransferLimits {
    var limits = TransferLimits()
    limits.authorityFile = authority
    limits.timeout = .seconds(20)
    limits.answerLimit = 1 << 16
    return limits
  }

  private static func post(
    _ message: Message, _ settings: MessageSettings.Webhook, token: borrowing SecretBytes?
  ) throws {
    // The same id comes again when an answer got lost, so that the other side can leave out the second.
    var fields = [HTTPRequest.Field("Idempotency-Key", message.id.description)]
    switch token {
    case .some(let token):
      let text = token.withBytes { bytes in String(decoding: bytes.indices.map { bytes[$0] }, as: UTF8.self) }
      fields.append(HTTPRequest.Field("Authorization", "Bearer \(text)"))
    case .none: break
    }
    let request = HTTPRequest.post(json: try message.json(), to: settings.url, fields: fields)
    let answer = try request.send(limits(authority: settings.ca))
    guard !answer.isSuccess else { return }
    let isBusy = answer.status == 408 || answer.status == 429 || answer.status >= 500
    throw NetworkError(
      isBusy ? .busy : .refused, doing: "send a message to the web hook", reason: "answer \(answer.status)",
      advice: answer.status == 401 || answer.status == 403 ? "check the token" : "check the address of the web hook"
    )
  }

  private static func mail(
    _ message: Message, _ settings: MessageSettings.Mail, password: borrowing SecretBytes?
  ) throws {
    let mail = MailMessage(
      from: try MailAddress(settings.from, name: "Locktender"), to: try settings.to.map { try MailAddress($0) },
      subject: message.subject, body: message.text, date: message.at, id: message.id)
    var server = try server(settings)
    let limits = limits(authority: settings.ca)
    do {
      try hand(over: mail, to: server, password, limits)
    } catch let error as NetworkError where error.code == .unprotected && server.protection == .startTLS {
      // A server on this machine may do without: nothing leaves it. Any other is refused by the call itself.
      server.protection = .noneOnLoopback
      try hand(over: mail, to: server, password, limits)
    }
  }

  private static func hand(
    over mail: MailMessage, to server: MailServer, _ password: borrowing SecretBytes?, _ limits: TransferLimits
  ) throws {
    switch password {
    case .some(let password):
      try password.withBytes { bytes in try server.send(mail, password: bytes, limits) }
    case .none: try server.send(mail, limits)
    }
  }

  /// Takes `smtps://host:465` or `smtp://host:587` apart; the port may be left out.
  static func server(_ settings: MessageSettings.Mail) throws(NetworkError) -> MailServer {
    let refused = NetworkError(
      .invalidInput, doing: "read the address of the mail server",
      reason: "not smtp://HOST:PORT or smtps://HOST:PORT")
    let protection: MailServer.Protection
    var rest: Substring
    if settings.server.hasPrefix("smtps://") {
      (protection, rest) = (.tls, settings.server.dropFirst(8))
    } else if settings.server.hasPrefix("smtp://") {
      (protection, rest) = (.startTLS, settings.server.dropFirst(7))
    } else {
      throw refused
    }
    if rest.hasSuffix("/") { rest = rest.dropLast() }
    var host = rest
    var port: Int?
    if let colon = rest.lastIndex(of: ":"), !rest[colon...].contains("]") {
      host = rest[..<colon]
      guard let number = Int(rest[rest.index(after: colon)...]), (1...65535).contains(number) else { throw refused }
      port = number
    }
    guard !host.isEmpty, !host.contains("/") else { throw refused }
    return MailServer(host: String(host), port: port, protection: protection, user: settings.user)
  }
}
