internal import Base
internal import CCurl
internal import Glibc

/// A server that takes messages and sends them on (RFC 6409).
public struct MailServer: Sendable {
  /// How the connection is protected.
  public enum Protection: Sendable {
    /// TLS from the first byte: `smtps://`, port 465.
    case tls
    /// TLS by STARTTLS, without which nothing is sent: port 587.
    case startTLS
    /// None, which only a server on this machine may have: port 25.
    case noneOnLoopback
  }

  public var host: String
  public var port: Int
  public var protection: Protection
  /// Nil to send without logging in.
  public var user: String?

  public init(host: String, port: Int? = nil, protection: Protection = .startTLS, user: String? = nil) {
    self.host = host
    self.protection = protection
    self.user = user
    self.port =
      switch protection {
      case .tls: port ?? 465
      case .startTLS: port ?? 587
      case .noneOnLoopback: port ?? 25
      }
  }

  /// Hands a message over. Blocks.
  ///
  /// - Parameter password: of the user; empty where there is none.
  /// - Throws: `unprotected` when the server offers no STARTTLS, `untrusted`, `invalidCredentials`, `refused` (for
  ///   instance a recipient) and `busy` by the server's answer, `unreachable`, `timedOut`, `invalidInput`.
  public func send(
    _ message: MailMessage, password: Span<UInt8> = Span(), _ limits: TransferLimits = TransferLimits()
  ) throws(NetworkError) {
    let doing = "send mail by \(host)"
    guard protection != .noneOnLoopback || isLoopback(host) else {
      throw NetworkError(
        .unprotected, doing: doing, reason: "only a server on this machine may be spoken to in clear",
        advice: "use STARTTLS (port 587) or TLS (port 465)")
    }
    guard !message.to.isEmpty else {
      throw NetworkError(.invalidInput, doing: doing, reason: "a message to nobody")
    }
    let scheme = protection == .tls ? "smtps" : "smtp"
    let url = "\(scheme)://\(host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host):\(port)"
    _ = try Network.host(of: url, schemes: [scheme], doing: doing)
    var transfer = try CurlTransfer(url, protocols: scheme, limits: limits, doing: doing)
    transfer.set(
      CURLOPT_USE_SSL, Int(protection == .noneOnLoopback ? CURLUSESSL_NONE.rawValue : CURLUSESSL_ALL.rawValue))
    if let user {
      guard !user.utf8.contains(0), !password.indices.contains(where: { password[$0] == 0 }) else {
        throw NetworkError(.invalidInput, doing: doing, reason: "a zero byte in user or password")
      }
      transfer.set(CURLOPT_USERNAME, user)
      // Made in its whole length, so that it has one place, which is wiped.
      var text = [CChar](repeating: 0, count: password.count + 1)
      defer { unsafe text.withUnsafeMutableBytes { unsafe explicit_bzero($0.baseAddress!, $0.count) } }
      for index in password.indices { text[index] = CChar(bitPattern: password[index]) }
      transfer.set(CURLOPT_PASSWORD, text.span)
    }
    transfer.set(CURLOPT_MAIL_FROM, message.from.address)
    transfer.set(CURLOPT_MAIL_RCPT, list: message.to.map(\.address))
    transfer.upload(Array(message.text.utf8))
    _ = try transfer.perform()
  }
}
