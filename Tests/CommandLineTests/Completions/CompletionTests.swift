import Base
import CommandLine
import Testing

@Suite struct CompletionTests {
  /// A folder with the script, and with a program that answers as the real one would.
  private func stage(_ shell: CompletionScript.Shell) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try Files.write(CompletionScript(sampleGrammar).text(for: shell), to: folder.path("script"))
    let answer = """
      [ "$1" = --platform ] && { printf 'from-%s\\tx\\n' "$2"; exit; }
      case "$2" in
        runs) printf '0a1b2c3d\\trunning: vault/main\\n4e5f6071\\tverified\\n' ;;
        plans) printf '99887766\\tvault/main\\n' ;;
        targets) printf 'administration/history\\tx\\nvault/main\\ty\\n' ;;
      esac

      """
    // Read by sh and not made executable: a program that was written a moment ago may still be open for writing in
    // a child that another test is just starting, and cannot be run then.
    try Files.write(answer, to: folder.path("answer"))
    return folder
  }

  /// What bash proposes for the last of some words.
  private func bash(_ words: [String]) throws -> [String] {
    let folder = try stage(.bash)
    let script = """
      locktender() { sh \(folder.path("answer")) "$@"; }
      source \(folder.path("script"))
      COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _locktender
      printf '%s\\n' "${COMPREPLY[@]}"
      """
    let result = try run("bash", ["-c", script, "bash"] + words)
    #expect(result.errors == "", "\(words)")
    return result.output.split(separator: "\n").map(String.init).sorted()
  }

  @Test(arguments: [
    (["locktender", "ap"], ["apply"]),
    (["locktender", "shelf", ""], ["book"]),
    (["locktender", "shelf", "book", ""], ["lend", "show"]),
    (["locktender", "apply", "--pl"], ["--plan", "--platform"]),
    (["locktender", "apply", "--plan", ""], ["99887766"]),
    (["locktender", "apply", "--plan", "=", "9"], ["99887766"]),
    (["locktender", "apply", "--plan", "="], ["99887766"]),
    (["locktender", "watch", ""], ["0a1b2c3d", "4e5f6071"]),
    (["locktender", "watch", "4"], ["4e5f6071"]),
    (["locktender", "plan", "v"], ["vault/main"]),
    (["locktender", "plan", "--mode", ""], ["bulk", "live"]),
    (["locktender", "--color", "plan", "wat"], ["watch"]),
    (["locktender", "--color", "=", "always", "wat"], ["watch"]),
    (["locktender", "--platform", "p", "watch", ""], ["from-p"]),
    (["locktender", "--platform", "=", "p", "watch", ""], ["from-p"]),
    (["locktender", "completions", ""], ["bash", "fish", "zsh"]),
    (["locktender", "help", "stat"], ["status"]),
    (["locktender", "status", "--no"], ["--no-progress"]),
    (["locktender", "version", ""], []),
  ])
  func `bash completes verbs, options, values, runs, plans and targets`(words: [String], expected: [String]) throws
  {
    #expect(try bash(words) == expected)
  }

  @Test func `bash proposes every option of every command, and nothing else`() throws {
    for command in sampleGrammar.visibleCommands {
      let expected = sampleGrammar.options(of: command).flatMap { option in
        (option.letter.map { ["-\($0)"] } ?? []) + [option.word]
      }
      #expect(try bash(["locktender"] + command.path + ["-"]) == expected.sorted(), "\(command.name)")
    }
  }

  @Test(.enabled(if: isInstalled("shellcheck"), "shellcheck is not installed"))
  func `shellcheck finds nothing in the bash script`() throws {
    let folder = try stage(.bash)
    let result = try run("shellcheck", ["-s", "bash", folder.path("script")])
    #expect(result.output == "")
  }

  @Test(.enabled(if: isInstalled("zsh"), "zsh is not installed"))
  func `zsh reads its script`() throws {
    let folder = try stage(.zsh)
    try Files.move(folder.path("script"), to: folder.path("_locktender"))
    let syntax = try run("zsh", ["-n", folder.path("_locktender")])
    #expect(syntax.errors == "" && syntax.status == 0)
  }

  @Test(
    .enabled(if: isInstalled("fish"), "fish is not installed"),
    arguments: [
      ("locktender ap", ["apply"]), ("locktender shelf book ", ["lend", "show"]),
      ("locktender apply --plan ", ["99887766"]), ("locktender watch ", ["0a1b2c3d", "4e5f6071"]),
      ("locktender plan --mode ", ["bulk", "live"]),
      ("locktender plan ", ["administration/history", "vault/main"]),
      ("locktender --platform p watch ", ["from-p"]), ("locktender status --no", ["--no-progress"]),
    ])
  func `fish completes verbs, options, values, runs, plans and targets`(line: String, expected: [String]) throws {
    let folder = try stage(.fish)
    let result = try run(
      "fish",
      [
        "--no-config", "-c",
        "function locktender; sh \(folder.path("answer")) $argv; end; source \(folder.path("script")); complete -C \"\(line)\"",
      ],
      environment: ["HOME": folder.path("")])
    #expect(result.errors == "")
    let words = result.output.split(separator: "\n").map { String($0.split(separator: "\t")[0]) }
    #expect(words.sorted() == expected)
  }
}
