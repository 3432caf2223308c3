internal import Base
internal import Migration

/// An error as a person and a program see it.
struct ErrorDisplay: Encodable {
  private let error: any Error

  init(_ error: any Error) { self.error = error }

  /// `locktender: read users: denied <- connect: unreachable`, and what to do next beneath it.
  func lines(style: Style) -> [String] {
    var lines = ["\(style.paint("locktender:", .red)) \(printable(message))"]
    if let advice = advice(for: error) { lines.append("  \(style.arrow) \(printable(advice))") }
    return lines
  }

  /// `{"error":{"advice":…,"code":…,"message":…}}` in one line.
  func json() throws -> String {
    String(decoding: try encodeJSON(["error": self]), as: UTF8.self)
  }

  func encode(to encoder: any Encoder) throws {
    try Body(code: code, exit: ExitCode(error).rawValue, message: message, advice: advice(for: error))
      .encode(to: encoder)
  }

  private var message: String { error is CancellationError ? "stopped on request" : explain(error) }

  /// The code of the outermost layer, as its name.
  private var code: String {
    guard let layered = error as? any LayeredError else {
      return error is CancellationError ? "cancelled" : "error"
    }
    return name(of: layered)
  }

  private func name(of error: some LayeredError) -> String {
    let text = String(describing: error.code)
    return String(text.prefix { $0 != "(" })
  }

  private struct Body: Encodable {
    let code: String
    let exit: Int32
    let message: String
    let advice: String?
  }
}
