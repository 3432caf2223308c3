internal import Base
internal import Database

/// The text of a new platform file, with comments for whoever edits it.
struct PlatformText {
  private let name: String
  private let survey: PlatformSurvey

  init(name: String, survey: PlatformSurvey) {
    self.name = name
    self.survey = survey
  }

  var text: String { lines().joined(separator: "\n") + "\n" }

  private func lines() -> [String] {
    var lines = [
      "// What this platform consists of, for locktender. The format is JSON5.",
      "// A relative path starts at this file's folder. No secret stands here: a password is",
      "// { file: \"PATH\" } (mode 0600), { environment: \"NAME\" } or { prompt: true }.",
      "{",
      "  version: 1,",
      "  name: \(literal(name)),",
      "",
      "  administration: {",
      "    // The histories to import, by the names that you know them by.",
      "    sources: {",
    ]
    for source in survey.sources { lines += entry(source) }
    lines.append("    },")
    if let destination = survey.destination {
      lines += ["", "    // The new service's databases. The history \(destination.note)."]
      lines.append("    destination: {")
      if let configuration = destination.configuration {
        lines.append("      configuration: \(literal(configuration)),")
      }
      lines.append("      history: \(literal(destination.history)),")
      lines += password(destination.access.passwordFile, destination.access.promptsForPassword)
      lines.append("    },")
    }
    lines += [
      "",
      "    // Every database is backed up, and the backup tested, before anything is written.",
      "    backups: { folder: \"backups\", keep: 3 },",
      "  },",
      "",
      "  // Where to send word when a run needs somebody or is at its end:",
      "  // messages: {",
      "  //   webhook: { url: \"https://chat.example.com/hook\" },",
      "  //   mail: { server: \"smtps://mail.example.com\", from: \"locktender@example.com\", to: [\"you@example.com\"] },",
      "  // },",
      "}",
    ]
    return lines
  }

  private func entry(_ source: PlatformSurvey.Source) -> [String] {
    var lines = ["      // \(printable(source.note))", "      \(literal(source.name)): {"]
    switch source.kind {
    case .undivided(let location):
      lines += ["        kind: \"database\",", "        location: \(literal(location)),"]
    case .pair(let configuration, let history):
      lines += [
        "        kind: \"database\",", "        configuration: \(literal(configuration)),",
        "        history: \(literal(history)),",
      ]
    case .accesslogFile(let path):
      lines += ["        kind: \"accesslog\",", "        ldif: \(literal(relative(path))),"]
    case .accesslogDirectory(let url):
      lines += [
        "        kind: \"accesslog\",", "        ldap: \(literal(url)),", "        base: \"cn=accesslog\",",
        "        // bind: \"cn=reader,dc=example,dc=com\",", "        // password: { file: \"accesslog.secret\" },",
      ]
    case .sambaAudit(let files, let domain):
      lines += [
        "        kind: \"samba-audit\",",
        "        files: [\(files.map { literal(relative($0)) }.joined(separator: ", "))],",
        "        name: \(literal(domain)),",
      ]
    }
    return lines + password(source.passwordFile, source.promptsForPassword) + ["      },"]
  }

  private func password(_ file: String?, _ prompts: Bool) -> [String] {
    if let file { return ["        password: { file: \(literal(relative(file))) },"] }
    return prompts ? ["        password: { prompt: true },"] : []
  }

  private func literal(_ text: String) -> String { JSONValue.string(text).compact() }

  private func literal(_ location: DatabaseLocation) -> String {
    literal(location.path.map { "sqlite:" + relative($0) } ?? location.description)
  }

  /// Short beneath the file's folder, so that the folder can be moved as a whole.
  private func relative(_ path: String) -> String {
    let beneath = survey.folder + "/"
    return path.hasPrefix(beneath) ? String(path.dropFirst(beneath.count)) : path
  }
}
