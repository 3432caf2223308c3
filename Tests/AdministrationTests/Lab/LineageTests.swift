import Base
import Database
import TestSupport
import Testing

@testable import Administration

@Suite struct LineageTests {
  @Test func `versions are known, older, newer or none at all`() {
    #expect(Release.allCases.map(\.description) == ["7.5", "7.6", "8.0", "8.1", "8.2"])
    for release in Release.allCases { #expect(Release(release.description) == release) }
    #expect(Release.allCases == Release.allCases.sorted())
    for older in ["6.9", "7.4", "7.0", "1.0", "0.1"] { #expect(Release.recognize(older) == .older, "\(older)") }
    for newer in ["8.3", "8.10", "9.0", "10.1"] { #expect(Release.recognize(newer) == .newer, "\(newer)") }
    for none in ["7.7", "7.99", "", "8", "8.2.1", "v8.2", "8.2 ", "08.2", "8.02", "8,2", "8.²", "99999.1", "-8.2"] {
      #expect(Release.recognize(none) == .unknown, "\(none)")
    }
  }

  private func check<Term: Vocabulary>(_ type: Term.Type, besides unknown: Set<Term> = []) {
    #expect(Term.table.map(\.term) == Array(Term.allCases))
    #expect(Term.allCases.map { Int($0.rawValue) } == Array(0..<Term.allCases.count))
    for term in Term.allCases {
      for release in Release.allCases {
        if release.termsAreCodes {
          #expect(term.name(in: release) == nil)
          #expect(term.code.flatMap { Term.term(code: $0) } == (unknown.contains(term) ? nil : term))
        } else if let name = term.name(in: release) {
          #expect(Term.term(name: name, in: release) == term)
        } else {
          #expect(unknown.contains(term) && release < .v8_2)
        }
      }
    }
    #expect(Term.term(code: 99) == nil && Term.term(name: "nonsense", in: .v8_2) == nil)
  }

  @Test func `every term is found again by its code and its name in every release`() {
    check(Administration.Operation.self)
    check(RequestState.self)
    check(TaskKind.self)
    check(TaskState.self, besides: [.held])
    check(SectionKind.self)
    #expect(RequestState.term(name: "executing", in: .v8_1) == .running)
    #expect(RequestState.term(name: "executing", in: .v8_2) == nil)
    #expect(RequestState.term(name: "completed", in: .v8_1) == nil)
    #expect(TaskState.term(name: "held", in: .v8_1) == nil)
    #expect(TaskState.running.name(in: .v8_0) == "running" && TaskState.running.name(in: .v8_2) == "running")
    #expect(Administration.Operation.resetPassword.code == 10)
  }

  // MARK: What a database says about itself

  private static let facts = [
    "product": DatabaseIdentity.product, "version": "8.1", "database_type": "history",
    "database_id": "7716da39-cba2-45b2-b09f-81a5ebe9a7f2", "created_at": "2014-06-30T00:00:00Z",
    "paired_configuration": "378ff3bd-be3e-4edc-8a79-71738489bbfc",
  ]

  private func refusal(_ name: String, _ value: String?) -> AdministrationError? {
    var facts = Self.facts
    facts[name] = value
    do throws(AdministrationError) {
      _ = try DatabaseIdentity(facts: facts)
      return nil
    } catch {
      #expect(error.advice != nil)
      return error
    }
  }

  @Test func `an identity is read, and each fault in it has a name and a way out`() {
    #expect(refusal("version", "8.1") == nil)
    #expect(refusal("product", "Payroll")?.code == .foreignDatabase)
    #expect(refusal("product", nil)?.code == .foreignDatabase)
    #expect(refusal("version", nil)?.code == .damagedIdentity)
    #expect(refusal("version", "7.7")?.code == .unknownRelease)
    #expect(refusal("version", "8.3")?.code == .releaseTooNew)
    #expect(refusal("version", "7.4")?.code == .releaseTooOld)
    #expect(refusal("version", "6.9")?.advice?.contains("7.5 service first") == true)
    #expect(refusal("database_type", "undivided")?.code == .damagedIdentity)
    #expect(refusal("database_type", nil)?.code == .damagedIdentity)
    #expect(refusal("database_id", "17")?.code == .damagedIdentity)
    #expect(refusal("created_at", "yesterday")?.code == .damagedIdentity)
    #expect(refusal("paired_configuration", nil)?.code == .damagedIdentity)
  }

  @Test func `a half that a database does not hold is refused`() throws {
    let history = try DatabaseIdentity(facts: Self.facts)
    try history.require(.history)
    #expect(throws: AdministrationError.self) { try history.require(.configuration) }
    var facts = Self.facts
    (facts["version"], facts["database_type"]) = ("7.6", "undivided")
    let undivided = try DatabaseIdentity(facts: facts)
    try undivided.require(.history)
    try undivided.require(.configuration)
    #expect(undivided.pairedConfiguration == nil)
  }

  @Test func `a database without product_info is foreign, and one that cannot be read is unusable`() throws {
    let folder = try TestFolder()
    let connection = try Connection.open(.sqlite(path: folder / "other.db"), options: .create)
    #expect(refusal(of: connection)?.code == .foreignDatabase)
    try connection.execute("create table product_info (something integer)")
    #expect(refusal(of: connection)?.code == .unusable)
  }

  private func refusal(of connection: Connection) -> AdministrationError? {
    do throws(AdministrationError) {
      _ = try DatabaseIdentity.read(from: connection)
      return nil
    } catch {
      return error
    }
  }
}
