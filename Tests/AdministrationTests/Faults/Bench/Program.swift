import Base
import Glibc
import Migration
import Subprocess
import TestSupport
import Testing

/// The real program on the platform file of a folder.
struct Program {
  let folder: TestFolder

  static let path: String = {
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = unsafe buffer.withUnsafeMutableBytes { bytes in
      unsafe readlink("/proc/self/exe", bytes.baseAddress!.assumingMemoryBound(to: CChar.self), bytes.count)
    }
    let own = String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
    // Tests run within a program of the toolchain or as one of their own; the build folder is known either way.
    return Tool.path(of: Paths.join(Paths.folder(of: own), "locktender")) ?? Program.built
  }()

  private static var built: String {
    var root = #filePath
    for _ in 0..<5 { root = Paths.folder(of: root) }
    return root + "/.build/debug/locktender"
  }

  struct Outcome {
    let status: Int32
    let output: String
    let errors: String

    /// The one sentence that the person reads, and what it advises.
    var sentence: String {
      errors.split(separator: "\n").first { $0.hasPrefix("locktender:") }.map(String.init) ?? ""
    }
    var advice: String? {
      let lines = errors.split(separator: "\n")
      guard let place = lines.firstIndex(where: { $0.hasPrefix("locktender:") }), place + 1 < lines.count else {
        return nil
      }
      return String(lines[place + 1])
    }
  }

  private func words(_ arguments: [String]) -> [String] {
    arguments + ["--platform", folder / "platform.json5"]
  }

  /// Runs it to its end.
  func callAsFunction(_ arguments: String..., environment: [String: String] = [:]) throws -> Outcome {
    let result = try Tool.run(Program.path, words(arguments), environment: environment)
    return Outcome(status: result.status, output: result.text, errors: result.errorText)
  }

  /// Starts it, its talk going to `talk.log`.
  func start(_ arguments: [String], under prefix: [String] = []) throws -> Subprocess.ChildProcess {
    let command = prefix + [Program.path] + words(arguments)
    return try Subprocess.ChildProcess(
      Command(command[0], Array(command.dropFirst())), output: .appended(to: folder / "talk.log"),
      errors: .appended(to: folder / "talk.log"))
  }

  var talk: String { (try? TestSupport.Files.text(of: folder / "talk.log")) ?? "" }  // before the first start

  /// Makes a plan and gives its hash.
  func plan(_ choices: String...) throws -> String {
    let result = try Tool.run(
      Program.path, words(["plan", "administration/history", "--json"] + choices))
    try #require(result.status == 0, "\(result.errorText)")
    let node = try JSONTree(parsing: result.text, source: "plan").root
    return try node.required("hash").string()
  }

  /// The folders of runs, newest last.
  func runs() throws -> [String] {
    let place = folder / ".locktender/runs"
    guard try Base.Files.exists(place) else { return [] }
    return try Base.Files.list(place).map { place + "/" + $0 }
  }

  /// What the newest run has told so far.
  var log: String {
    // Neither a run nor its log is there at the beginning.
    guard let run = try? runs().last, let text = try? TestSupport.Files.text(of: run + "/events.jsonl") else {
      return ""
    }
    return text
  }

  func state() throws -> String? {
    let result = try self("status", "--json")
    guard result.status == 0 else { return nil }
    return try JSONTree(parsing: result.output, source: "status").root.required("state").string()
  }
}

extension Subprocess.ChildProcess {
  /// As the kernel does when memory runs out.
  func killHard() { kill(pid, SIGKILL) }
}
