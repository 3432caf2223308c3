internal import Migration

extension CommandContext {
  func check() async throws -> ExitCode {
    let engine = try open().engine
    let (address, request) = try part(in: engine)
    let findings = try await engine.check(address, request, waivers: waivers())
    let isBlocked = findings.contains(where: \.blocks)
    if console.isJSON {
      try printJSON(CheckResult(part: address, blocks: isBlocked, findings: findings))
    } else {
      let text = FindingText(
        style: console.style, width: min(100, Terminal.output.width),
        listsPassing: invocation.flag("all") || console.isVerbose)
      console.result(text.lines(findings))
      console.result("\(address): \(text.summary(findings))")
      if !isBlocked { console.talk("next: \(command("plan \(address)"))") }
    }
    return isBlocked ? .blocked : .done
  }

  private struct CheckResult: Encodable {
    let part: PartAddress
    let blocks: Bool
    let findings: [Finding]
  }
}
