internal import Base

/// Where to send word when a run needs somebody or is at its end.
public struct MessageSettings: Sendable, Equatable {
  /// An address that gets each message as JSON by HTTP POST.
  public struct Webhook: Sendable, Equatable {
    public let url: String
    /// A file of certificates to trust instead of the system's.
    public let ca: String?
    /// Sent as a bearer token; the secret's name is `messages.webhook`.
    public let token: SecretReference?
  }

  public struct Mail: Sendable, Equatable {
    /// `smtps://host:465` or `smtp://host:587` (STARTTLS).
    public let server: String
    public let ca: String?
    public let from: String
    public let to: [String]
    public let user: String?
    /// The secret's name is `messages.mail`.
    public let password: SecretReference?
  }

  public var webhook: Webhook?
  public var mail: Mail?

  public init(webhook: Webhook? = nil, mail: Mail? = nil) {
    self.webhook = webhook
    self.mail = mail
  }

  init(_ node: JSONNode, _ reader: PlatformReader) throws {
    try node.refuseMembers(besides: ["webhook", "mail"])
    webhook = try reader.member("webhook", of: node).map { node in
      try node.refuseMembers(besides: ["url", "ca", "token"])
      return Webhook(
        url: try reader.url(node.required("url"), schemes: ["https", "http"]),
        ca: try reader.member("ca", of: node).map { try reader.path($0) },
        token: try reader.member("token", of: node).map { try SecretReference($0, reader) })
    }
    mail = try reader.member("mail", of: node).map { node in
      try node.refuseMembers(besides: ["server", "ca", "from", "to", "user", "password"])
      if let password = node.member("password"), node.member("user") == nil {
        throw password.error(.missing, "a password without a user", advice: "Add `user`.")
      }
      return Mail(
        server: try reader.url(node.required("server"), schemes: ["smtps", "smtp"]),
        ca: try reader.member("ca", of: node).map { try reader.path($0) },
        from: try MessageSettings.mailbox(node.required("from"), reader),
        to: try reader.list(node.required("to")) { node throws(JSONError) in
          try MessageSettings.mailbox(node, reader)
        },
        user: try reader.member("user", of: node).map { try reader.text($0) },
        password: try reader.member("password", of: node).map { try SecretReference($0, reader) })
    }
  }

  /// `name@host`, without display name, space or angle brackets.
  private static func mailbox(_ node: JSONNode, _ reader: PlatformReader) throws(JSONError) -> String {
    let text = try reader.text(node)
    let parts = text.split(separator: "@", omittingEmptySubsequences: false)
    guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }), !text.contains(where: { " <>,;\"".contains($0) })
    else {
      throw node.error(.refusedValue, "not a mail address", advice: "Write `name@host`.")
    }
    return text
  }

  /// Which secrets the settings refer to, by the names under which they are asked for.
  public var secrets: [String: SecretReference] {
    var secrets: [String: SecretReference] = [:]
    secrets["messages.webhook"] = webhook?.token
    secrets["messages.mail"] = mail?.password
    return secrets
  }
}
