extension Timestamp {
  /// Reads an instant as a person types it: a date, or RFC 3339; without a zone UTC is meant.
  public init?(typed text: some StringProtocol) {
    if let time = Timestamp(rfc3339: text) {
      self = time
    } else if let time = Timestamp(rfc3339: "\(text)Z") {
      self = time
    } else {
      return nil
    }
  }
}
