import Base
import Glibc
import TestSupport
import Testing

/// The real program, run in a folder of its own.
struct Program {
  struct Outcome {
    let status: Int32
    let output: String
    let errors: String

    /// The output as JSON.
    func json() throws -> JSONValue { try JSONValue(parsing: output, source: "output") }
  }

  /// What to do while it runs.
  enum Act {
    case await(String)
    case send(String)
    case signal(String)
  }

  let folder: TestFolder

  init() throws { folder = try TestFolder() }

  /// Beside the program that runs the tests.
  static let path: String = {
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = unsafe buffer.withUnsafeMutableBytes { bytes in
      unsafe readlink("/proc/self/exe", bytes.baseAddress!.assumingMemoryBound(to: CChar.self), bytes.count)
    }
    let own = String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
    // Tests run within a program of the toolchain or as one of their own; the build folder is known either way.
    let built = Paths.join(Fixtures.root, ".build/debug/locktender")
    let beside = Paths.join(Paths.folder(of: own), "locktender")
    return Tool.path(of: beside) ?? built
  }()

  /// Runs it to its end.
  func callAsFunction(_ arguments: String..., environment: [String: String] = [:]) throws -> Outcome {
    let result = try Tool.run("env", ["-C", folder.path, Program.path] + arguments, environment: environment)
    return Outcome(status: result.status, output: result.text, errors: result.errorText)
  }

  /// Runs it with a part in its talk.
  ///
  /// - Parameter columns: of a terminal of its own; nil for pipes.
  func driven(
    _ arguments: [String], columns: Int? = nil, environment: [String: String] = [:], _ acts: [Act]
  ) throws -> Outcome {
    let steps = JSONValue.array(
      acts.map { act in
        switch act {
        case .await(let pattern): .array([.string("await"), .string(pattern)])
        case .send(let text): .array([.string("send"), .string(text)])
        case .signal(let name): .array([.string("signal"), .string(name)])
        }
      })
    var words = [Paths.join(Fixtures.folder, "drive.py"), folder.path]
    if let columns { words += ["--tty", String(columns)] }
    let result = try Tool.check(
      "/usr/bin/python3", words + [Program.path] + arguments, input: Array(steps.compact().utf8),
      environment: environment.merging(["TERM": "xterm"]) { own, _ in own }, atMost: .seconds(150))
    let value = try JSONValue(parsing: result.text, source: "drive.py")
    return Outcome(
      status: Int32(value["status"]?.integerValue ?? -1), output: value["output"]?.stringValue ?? "",
      errors: value["errors"]?.stringValue ?? "")
  }

  /// An old service, a new one, and a platform file that names both.
  func prepare(history: Int = 2000) throws {
    for arguments in [
      ["lab", "new", "old", "--people", "100", "--history", String(history), "--quiet"],
      ["lab", "new", "new", "--version", "8.2", "--people", "10", "--history", "0", "--quiet"],
      [
        "init", "--yes", "--source", "sqlite:old/administration.db", "--destination", "sqlite:new/history.db",
        "--configuration", "sqlite:new/configuration.db",
      ],
    ] {
      let result = try Tool.run("env", ["-C", folder.path, Program.path] + arguments)
      try #require(result.status == 0, "\(result.errorText)")
    }
  }

  /// Makes a plan and gives its hash.
  func planned() throws -> String {
    let result = try self("plan", "--json")
    try #require(result.status == 0, "\(result.errors)")
    return try #require(try result.json()["hash"]?.stringValue)
  }

  /// The state of the newest run.
  func state() throws -> String? { try self("status", "--json").json()["state"]?.stringValue }
}
