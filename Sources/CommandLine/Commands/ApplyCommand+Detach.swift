internal import Base
internal import Cryptography
internal import Glibc
internal import Migration
internal import Subprocess

extension CommandContext {
  /// Starts this program again in a session of its own, waits until it has taken up the run, and prints the id.
  func detach(_ hash: Digest256, start: Timestamp?, _ opened: OpenPlatform) async throws -> ExitCode {
    if let name = opened.secrets.prompted.first {
      throw CommandLineError(
        .secret, doing: "start the run in the background", reason: "the secret of \(name) would have to be typed",
        advice: "name a file or an environment variable for it in the platform file")
    }
    let engine = opened.engine
    let run = UniqueID.random()
    // The run's folder is made by the run itself; its output moves there once it exists.
    let output = Paths.join(engine.workplace.stateFolder, "run-\(run).log")
    var words = ["__run", run.description, "--plan", hash.description, "--platform", opened.platform.file]
    words += start.map { ["--at", $0.description] } ?? []
    words += console.isVerbose ? ["--verbose"] : []
    let process = try Subprocess.Command(executablePath(), words).startDetached(output: output, errors: output)
    let folder = RunFolder(run: run, in: engine.workplace)
    while true {
      // The lock is taken after the plan is in place: from then on every verb finds the run.
      if try Files.exists(folder.lock) { break }
      guard process.isRunning else {
        if try Files.exists(folder.lock) { break }
        throw try notStarted(output)
      }
      try await Task.sleep(for: .milliseconds(50))
    }
    try Files.move(output, to: Paths.join(folder.path, "output.log"))
    if console.isJSON {
      try printJSON(DetachResult(run: run.description, plan: hash.description, process: process.pid))
    } else {
      console.result(run.description)
      console.talk(
        "it goes on in the background: \(command("watch \(short(run.description))")) shows it, \(command("cancel \(short(run.description))")) stops it"
      )
    }
    return .done
  }

  private struct DetachResult: Encodable {
    let run: String
    let plan: String
    let process: Int32
  }

  /// What the process said before it ended.
  private func notStarted(_ output: String) throws -> CommandLineError {
    let said = try Files.readText(output, limit: 1 << 20)
    try Files.remove(output)
    let last = said.split(separator: "\n").suffix(4).joined(separator: " ")
    return CommandLineError(
      .detachment, doing: "start the run in the background", reason: last.isEmpty ? "it ended at once" : last,
      advice: command("apply") + " without --detach shows more")
  }

  /// The work of the process in the background.
  func runDetached() async throws -> ExitCode {
    let opened = try open()
    let engine = opened.engine
    guard let run = invocation.argument("RUN").flatMap({ UniqueID($0) }), let plan = invocation.value("plan") else {
      throw CommandLineError(.usage, doing: "read the command line", reason: "RUN or --plan is missing")
    }
    let start = invocation.value("at").flatMap { Timestamp(rfc3339: $0) }
    let (kept, hash) = try engine.storedPlan(plan)
    return try await working(telling: messenger(of: run, kept.part, opened)) { flag, listeners in
      try await engine.apply(hash, startingAt: start, run: run, cancellation: flag, listeners: listeners)
    }
  }

  /// This program's own file, whatever it was called as.
  private func executablePath() throws -> String {
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = unsafe buffer.withUnsafeMutableBytes { bytes in
      unsafe readlink("/proc/self/exe", bytes.baseAddress!.assumingMemoryBound(to: CChar.self), bytes.count)
    }
    guard count > 0, let path = String(validating: buffer[..<count], as: UTF8.self) else {
      throw CommandLineError(
        .system, doing: "find this program's own file", reason: unsafe String(cString: strerror(errno)),
        advice: "make sure that /proc is mounted")
    }
    return path
  }
}
