public import Base

/// Where a secret is to be had. The platform file never holds one itself.
public enum SecretReference: Sendable, Equatable {
  /// A file whose content is the secret; a line break at its end does not count. Readable by its owner alone.
  case file(String)
  /// A variable of the environment, taken out of it when it is read.
  case environment(String)
  /// Somebody is asked at the terminal.
  case prompt

  /// Reads `{ file: "…" }`, `{ environment: "…" }` or `{ prompt: true }`.
  public init(_ node: JSONNode, _ reader: PlatformReader) throws(JSONError) {
    if node.kind == .string {
      throw node.error(
        .wrongType, "a secret itself has no place in this file",
        advice:
          "Write { file: \"PATH\" }, { environment: \"NAME\" } or { prompt: true }; change the secret if anybody may have seen it."
      )
    }
    try node.refuseMembers(besides: ["file", "environment", "prompt"])
    guard node.count == 1 else {
      throw node.error(
        .refusedValue, "one of file, environment and prompt is needed, and no more",
        advice: "Write { file: \"PATH\" }, { environment: \"NAME\" } or { prompt: true }.")
    }
    if let file = node.member("file") {
      self = .file(try reader.path(file))
    } else if let variable = node.member("environment") {
      let name = try variable.string()
      let isName = name.utf8.allSatisfy { byte in
        switch byte {
        case 48...57, 65...90, 97...122, UInt8(ascii: "_"): true
        default: false
        }
      }
      guard isName, let first = name.utf8.first, !(48...57).contains(first) else {
        throw variable.error(.refusedValue, "not the name of an environment variable", advice: nil)
      }
      self = .environment(name)
    } else {
      let prompt = try node.required("prompt")
      guard try prompt.bool() else {
        throw prompt.error(.refusedValue, "prompt is true or left out", advice: nil)
      }
      self = .prompt
    }
  }
}
