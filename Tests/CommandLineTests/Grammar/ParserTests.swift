import CommandLine
import Testing

@Suite struct ParserTests {
  @Test(arguments: [
    ("runs", "runs"),
    ("version", "version"),
    ("--version", "version"),
    ("apply --plan 3f9a1c02", "apply --plan=3f9a1c02"),
    ("apply --plan=3f9a1c02 --detach", "apply --plan=3f9a1c02 --detach=yes"),
    ("apply --plan=", "usage: --plan is empty"),
    ("--json status", "status --json=yes"),
    ("--platform a/b.json5 --json status 0f", "status RUN=0f --platform=a/b.json5 --json=yes"),
    ("status --no-progress", "status --progress=no"),
    ("status --progress", "status --progress=yes"),
    ("plan administration", "plan TARGET=administration <administration/history>"),
    (
      "plan --from 2020-01-01 administration/history --source a --source b --no-unfinished --merge",
      "plan TARGET=administration/history --from=2020-01-01 --source=a --source=b --unfinished=no --merge=yes <administration/history>"
    ),
    ("plan", "plan"),
    ("plan vault/main --pace 3", "plan TARGET=vault/main --pace=3 <vault/main>"),
    ("shelf book show CN=x", "shelf book show BOOK=CN=x"),
    ("shelf book show -- --odd", "shelf book show BOOK=--odd"),
    ("shelf book show -", "shelf book show BOOK=-"),
    ("help shelf book show", "help VERB=shelf VERB=book VERB=show"),
    ("lab new demo --people 5", "lab new DIR=demo --people=5"),
    (
      "check administration/history --waive a --by b --reason=c=d",
      "check TARGET=administration/history --waive=a --by=b --reason=c=d <administration/history>"
    ),
    ("completions bash", "completions SHELL=bash"),
    ("init --source old=sqlite:a.db --source b --yes", "init --source=old=sqlite:a.db --source=b --yes=yes"),
  ])
  func `what is understood`(line: String, expected: String) {
    #expect(outcome(line) == expected)
  }

  @Test(arguments: [
    ("", "usage: a verb is missing"),
    ("--json", "usage: a verb is missing"),
    ("aply", "usage: there is no verb 'aply' (did you mean apply?)"),
    ("rusn", "usage: there is no verb 'rusn' (did you mean runs?)"),
    ("zzz", "usage: there is no verb 'zzz'"),
    ("shelf", "usage: shelf needs one more word: book"),
    ("shelf boko show", "usage: shelf knows no 'boko' (did you mean book?)"),
    ("apply --pln 3", "usage: apply has no option '--pln' (did you mean --plan?)"),
    ("apply -x", "usage: apply has no option '-x'"),
    ("apply --plan", "usage: --plan needs a value: --plan HASH"),
    ("apply --plan --detach", "usage: --plan needs a value: --plan HASH"),
    ("apply --plan a --plan b", "usage: --plan is given twice"),
    ("apply --detach=yes", "usage: --detach takes no value"),
    ("apply --no-detach", "usage: apply has no option '--no-detach'"),
    ("status a b", "usage: 'b' is one word too many"),
    ("runs a", "usage: runs takes no argument, but 'a' is given"),
    ("lab new", "usage: DIR is missing"),
    ("lab new d --people many", "usage: --people needs a whole number, not 'many'"),
    ("lab new d --people -1", "usage: --people needs a whole number, not '-1'"),
    ("lab new d --people 99999999999999999999", "usage: --people needs a whole number, not '99999999999999999999'"),
    (
      "lab new d --engine sqllite",
      "usage: --engine cannot be 'sqllite' (did you mean sqlite?); it is one of sqlite, postgresql"
    ),
    ("completions tcsh", "usage: SHELL cannot be 'tcsh'; it is one of bash, zsh, fish"),
    (
      "plan administration/histroy",
      "usage: there is no part 'administration/histroy' (did you mean administration/history?); parts are administration/history, vault/main"
    ),
    ("plan a/b/c", "usage: TARGET is 'a/b/c', which is no <system>/<part>"),
    ("plan vault/main --from 2020-01-01", "usage: --from is no choice of vault/main"),
    ("status --from 2020-01-01", "usage: status has no option '--from'"),
    ("plan --mode fast administration", "usage: --mode cannot be 'fast'; it is one of bulk, live"),
  ])
  func `what is refused, and how`(line: String, expected: String) {
    #expect(outcome(line) == expected)
  }

  @Test(arguments: [
    ("--help", "help "), ("-h", "help "), ("apply --help", "help apply"), ("apply --plan -h", "help apply"),
    ("shelf --help", "help shelf"),
    ("shelf book show --help", "help shelf book show"),
    ("--json plan x --nonsense -h", "help plan"),
    ("shelf book show -- --help", "shelf book show BOOK=--help"),
  ])
  func `help wins over mistakes, and ends at two dashes`(line: String, expected: String) {
    #expect(outcome(line) == expected)
  }

  @Test func `an error names the help that tells more`() {
    #expect(throws: CommandLineError.self) { try Parser(sampleGrammar).parse(["lab", "new", "d", "--sede", "3"]) }
    do {
      _ = try Parser(sampleGrammar).parse(["lab", "new", "d", "--sede", "3"])
    } catch {
      #expect(error.advice == "locktender help lab new")
      #expect(error.reason.contains("--seed"))
    }
  }

  @Test func `control characters of a word do not reach the terminal`() {
    do {
      _ = try Parser(sampleGrammar).parse(["\u{1B}[2Jx"])
      Issue.record("it was understood")
    } catch {
      #expect(!error.reason.contains("\u{1B}"))
    }
  }

  @Test func `values with dashes, spaces and signs arrive as they were typed`() throws {
    for value in ["- x", "-5", "a=b", "ü 東", "", "--x"] {
      let words = ["check", "administration/history", "--waive", "c", "--by", "me", "--reason=\(value)"]
      guard case .invocation(let invocation) = try Parser(sampleGrammar).parse(words) else {
        Issue.record("not a command")
        return
      }
      #expect(invocation.value("reason") == value)
    }
  }
}
