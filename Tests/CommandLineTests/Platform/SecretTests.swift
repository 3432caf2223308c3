import Base
@testable import CommandLine
import Glibc
import Migration
import Testing

@Suite struct SecretTests {
  private func text(_ secret: consuming SecretBytes?) -> String? {
    guard let secret else { return nil }
    return secret.withBytes { bytes in String(decoding: bytes.indices.map { bytes[$0] }, as: UTF8.self) }
  }

  @Test func `a variable is taken out of the environment at once, and known from then on`() throws {
    let name = "LOCKTENDER_TEST_SECRET_\(UInt32.random(in: .min ... .max))"
    unsafe setenv(name, "s3cret", 1)
    let secrets = PlatformSecrets(
      ["source.main": .environment(name), "destination": .environment(name)], canPrompt: false)
    #expect(unsafe getenv(name) == nil)
    for _ in 0..<2 {
      #expect(try text(secrets.secret(for: "source.main")) == "s3cret")
      #expect(try text(secrets.secret(for: "destination")) == "s3cret")
    }
  }

  @Test func `variables stay where a child will need them`() {
    let name = "LOCKTENDER_TEST_SECRET_\(UInt32.random(in: .min ... .max))"
    unsafe setenv(name, "s3cret", 1)
    _ = PlatformSecrets(["destination": .environment(name)], takesVariables: false, canPrompt: false)
    #expect(unsafe getenv(name) != nil)
    unsafe unsetenv(name)
  }

  @Test func `what is not configured is no secret, and what cannot be had says what to do`() throws {
    let secrets = PlatformSecrets(
      ["a": .prompt, "b": .environment("LOCKTENDER_TEST_NEVER_SET"), "c": .file("/nonexistent/x")], canPrompt: false
    )
    #expect(try text(secrets.secret(for: "z")) == nil)
    #expect(secrets.prompted == ["a"])
    for name in ["a", "b", "c"] {
      do {
        _ = try secrets.secret(for: name)
        Issue.record("\(name) was had")
      } catch {
        #expect(advice(for: error) != nil, "\(name)")
      }
    }
  }
}
