internal import Base
internal import Cryptography
internal import Migration

extension CommandContext {
  func help() throws -> ExitCode {
    let path = invocation.arguments["VERB"] ?? []
    if invocation.flag("man") {
      console.result(
        ManualPage(grammar).text().split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(
          String.init))
      return .done
    }
    guard path.isEmpty || grammar.command(path) != nil || !grammar.words(after: path).isEmpty else {
      throw CommandLineError(
        .usage, doing: "help",
        reason:
          "there is no verb \(quoted(path.joined(separator: " ")))\(didYouMean(path[0], among: grammar.words(after: [])))",
        advice: "locktender help lists all verbs")
    }
    console.result(HelpPage(grammar, width: Terminal.output.width).lines(for: path))
    return .done
  }

  func completions() throws -> ExitCode {
    guard let shell = invocation.argument("SHELL").flatMap(CompletionScript.Shell.init(rawValue:)) else {
      throw CommandLineError(.usage, doing: "read the command line", reason: "SHELL is missing")
    }
    console.result(
      CompletionScript(grammar).text(for: shell).split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        .map(String.init))
    return .done
  }

  func version() throws -> ExitCode {
    if console.isJSON {
      try printJSON(["version": programVersion])
    } else {
      console.result("locktender \(programVersion)")
    }
    return .done
  }

  /// One candidate a line; what follows a tab explains it.
  func complete() throws -> ExitCode {
    let engine = try open().engine
    switch invocation.argument("KIND") {
    case "runs":
      for summary in try engine.runs() {
        console.result("\(short(summary.run.description))\t\(summary.state.title), \(summary.part)")
      }
    case "plans":
      let folder = engine.workplace.plansFolder
      guard try Files.exists(folder) else { return .done }
      for name in try Files.list(folder) where name.hasSuffix(".json") {
        // A plan that cannot be read is not one to propose.
        guard let (plan, hash) = try? engine.storedPlan(String(name.dropLast(5))) else { continue }
        console.result("\(short(hash.description))\t\(plan.part), \(Human.instant(plan.createdAt))")
      }
    default:
      for part in engine.parts { console.result("\(part.address)\t\(part.summary)") }
    }
    return .done
  }
}
