public import Base

/// A message of plain text (RFC 5322), marked as sent by a program (RFC 3834).
public struct MailMessage: Sendable {
  public var from: MailAddress
  public var to: [MailAddress]
  public var subject: String
  /// Lines end with a line feed.
  public var body: String
  public var date: Timestamp
  /// Becomes the message id, so that a message that is sent again can be known as the same.
  public var id: UniqueID

  public init(
    from: MailAddress, to: [MailAddress], subject: String, body: String, date: Timestamp, id: UniqueID
  ) {
    self.from = from
    self.to = to
    self.subject = subject
    self.body = body
    self.date = date
    self.id = id
  }

  /// The message as it goes over the line. No text of it can add a header field: whatever is not plain is encoded.
  var text: String {
    let fields = [
      "Date: \(mailDate(date))",
      "From: \(from.headerText)",
      "To: \(to.map(\.headerText).joined(separator: ",\r\n "))",
      "Subject: \(encodedHeaderText(subject))",
      "Message-ID: <\(id)@\(from.domain)>",
      "Auto-Submitted: auto-generated",
      "MIME-Version: 1.0",
      "Content-Type: text/plain; charset=utf-8",
      "Content-Transfer-Encoding: quoted-printable",
    ]
    return fields.joined(separator: "\r\n") + "\r\n\r\n" + quotedPrintable(body)
  }
}

/// `Fri, 20 Nov 2026 15:05:45 +0000`.
private func mailDate(_ instant: Timestamp) -> String {
  let time = CivilTime(instant, offsetMinutes: 0)
  let seconds = instant.microseconds / 1_000_000 - (instant.microseconds % 1_000_000 < 0 ? 1 : 0)
  let days = seconds / 86_400 - (seconds % 86_400 < 0 ? 1 : 0)
  // The first of January 1970 was a Thursday.
  let weekday = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"][Int(((days % 7) + 7) % 7)]
  let month = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ][time.month - 1]
  let clock = [time.hour, time.minute, time.second].map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
  return "\(weekday), \(time.day) \(month) \(time.year) \(clock) +0000"
}
