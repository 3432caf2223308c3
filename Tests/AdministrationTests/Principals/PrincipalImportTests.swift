import Base
import Cryptography
import Database
import Migration
import TestSupport
import Testing

@testable import Administration

@Suite(.startsServers, .serialized) struct PrincipalImportTests {
  /// An old service on one server and a blank database on another, with people who read the history.
  private struct Scene {
    let old: PrivatePostgres
    let new: PrivatePostgres
    let source: String
    let target: String
    let folder: TestFolder

    init() async throws {
      folder = try TestFolder(.own)
      old = try PrivatePostgres()
      new = try PrivatePostgres()
      source = try await old.createLab(.v8_0, in: folder, history: 120)
      target = try new.createDatabase()
      try old.execute(
        """
        CREATE ROLE readers; CREATE ROLE alice LOGIN; CREATE ROLE "Bob B" LOGIN CONNECTION LIMIT 2; CREATE ROLE clerk LOGIN;
        GRANT readers TO alice; GRANT readers TO clerk WITH ADMIN OPTION;
        GRANT SELECT ON change_request, request_section, task TO readers;
        GRANT SELECT, UPDATE ON task TO "Bob B"; GRANT INSERT ON change_request TO clerk WITH GRANT OPTION;
        GRANT SELECT ON task TO PUBLIC; GRANT SELECT (id) ON change_request TO "Bob B";
        ALTER ROLE alice PASSWORD 'wonderland';
        """, in: source)
    }

    func platform(login: String = PrivatePostgres.user, sourceLogin: String = PrivatePostgres.user) throws
      -> PlatformBench
    {
      try PlatformBench(
        folder,
        sources: [
          "main": .undivided(location: old.location(source, user: sourceLogin).description, password: nil)
        ], destination: new.location(target, user: login))
    }

    /// Every right of every role on the new server's history that the role had not on the old one.
    func widened() throws -> [String] {
      let roles = try old.execute(
        "SELECT rolname FROM pg_roles WHERE NOT rolsuper AND rolname !~ '^pg_'", in: source
      )
      .split(separator: "\n").map(String.init)
      let mapping = GrantMapping(.v8_0)
      var found: [String] = []
      for role in roles {
        guard try new.execute("SELECT 1 FROM pg_roles WHERE rolname = '\(role)'", in: target) == "1" else {
          continue
        }
        for table in GrantMapping.tables + ["history_source", "history_import", "product_info"] {
          for privilege in GrantMapping.privileges {
            let has = "SELECT has_table_privilege('\(role)', '\(table)', '\(privilege)')"
            guard try new.execute(has, in: target) == "t" else { continue }
            let origins = mapping.origins(of: table)
            let had = try origins.allSatisfy { origin in
              try old.execute("SELECT has_table_privilege('\(role)', '\(origin)', '\(privilege)')", in: source)
                == "t"
            }
            if !had || origins.isEmpty { found.append("\(role) \(privilege) \(table)") }
          }
        }
      }
      return found
    }

    func grants() throws -> String {
      try new.execute(
        """
        SELECT string_agg(pg_get_userbyid(a.grantee) || ' ' || a.privilege_type || ' ' || c.relname, ', ' ORDER BY 1)
        FROM pg_class c, aclexplode(c.relacl) a WHERE a.grantee <> c.relowner AND c.relnamespace = 'public'::regnamespace
        """, in: target)
    }
  }

  @Test func `roles and rights follow the history, and none is wider than it was`() async throws {
    let scene = try await Scene()
    let platform = try scene.platform()
    let findings = try await platform.findings()
    #expect(findings.of("principals")?.severity == .pass)
    #expect(findings.of("principals.ability") == nil)
    let run = try await platform.importHistory()
    #expect(run.state == .verified)
    #expect(try scene.widened() == [])
    let can = """
      SELECT has_table_privilege('alice', 'property_change', 'SELECT'), has_table_privilege('clerk', 'change_request', 'INSERT'),
        has_table_privilege('Bob B', 'approval_task', 'UPDATE'), has_table_privilege('Bob B', 'change_request', 'SELECT'),
        has_table_privilege('alice', 'original_value', 'SELECT'), has_table_privilege('clerk', 'original_value', 'INSERT'),
        pg_has_role('clerk', 'readers', 'MEMBER WITH ADMIN OPTION'), pg_has_role('alice', 'readers', 'MEMBER WITH ADMIN OPTION')
      """
    #expect(try scene.new.execute(can, in: scene.target) == "t|t|t|f|t|f|t|f")
    let limits =
      "SELECT rolname, rolcanlogin, rolconnlimit FROM pg_roles WHERE rolname IN ('alice', 'Bob B', 'readers') ORDER BY 1"
    #expect(try scene.new.execute(limits, in: scene.target) == "Bob B|t|2\nalice|t|-1\nreaders|f|-1")
    #expect(
      try scene.new.execute("SELECT count(*) FROM pg_authid WHERE rolpassword IS NOT NULL", in: scene.target) == "0"
    )

    // The report tells each with its SQL; a second look finds nothing left to do.
    let report = try platform.engine.report(run.run)
    let chapter = try #require(report.sections.first { $0.heading == "Roles and rights" })
    #expect(chapter.tables[0].rows.contains { $0[0] == "alice" && $0[2] == "new" && $0[4].contains("CREATE ROLE") })
    #expect(chapter.tables[0].rows.contains { $0[0] == "PUBLIC" && $0[2] == "left" })
    let (again, _) = try await platform.engine.plan(Workbench.part, PlanRequest())
    let details = try HistoryPlan.of(again)
    #expect(details.principals?.isEmpty == true)
    #expect(!again.steps.contains { $0.id == PrincipalsStep.stepID })

    // Back again: exactly what came is gone.
    try scene.new.execute("CREATE ROLE bystander; GRANT SELECT ON change_request TO bystander", in: scene.target)
    _ = try await platform.engine.rollback(run.run)
    #expect(try scene.grants() == "bystander SELECT change_request")
    #expect(
      try scene.new.execute(
        "SELECT count(*) FROM pg_roles WHERE rolname IN ('alice', 'Bob B', 'readers', 'clerk')", in: scene.target)
        == "0")
  }

  @Test func `a login that may not make roles leaves a script that does, and warns before`() async throws {
    let scene = try await Scene()
    let login = try scene.new.createLogin("service")
    try scene.new.execute(
      "GRANT CREATE ON SCHEMA public TO \(login); CREATE ROLE \"Bob B\" LOGIN", in: scene.target)
    let reader = try scene.old.createLogin("reader")
    try scene.old.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO \(reader)", in: scene.source)
    let platform = try scene.platform(login: login, sourceLogin: reader)
    let findings = try await platform.findings([:])
    let ability = try #require(findings.of("principals.ability"))
    #expect(ability.severity == .warn && ability.rule == "D90")
    let run = try await platform.importHistory(["exclude-principal": [reader], "copy-passwords": ["yes"]])
    #expect(run.state == .verified)
    #expect(try scene.grants().contains("Bob B UPDATE approval_task"))
    #expect(try scene.widened() == [])
    let script = try Base.Files.readText(run.folder + "/" + PrincipalsStep.script, limit: 1 << 20)
    #expect(script.contains("CREATE ROLE \"alice\" LOGIN;") && !script.contains("SCRAM"))
    #expect(!script.contains(reader))
    try scene.new.execute(script, in: scene.target)
    #expect(try scene.widened() == [])
    #expect(
      try scene.new.execute("SELECT has_table_privilege('alice', 'change_request', 'SELECT')", in: scene.target)
        == "t")
    let undo = try Base.Files.readText(run.folder + "/" + PrincipalsStep.undoScript, limit: 1 << 20)
    try scene.new.execute(undo, in: scene.target)
    #expect(
      try scene.new.execute(
        "SELECT string_agg(rolname, ' ' ORDER BY 1) FROM pg_roles WHERE rolname IN ('alice', 'Bob B', 'readers')",
        in: scene.target) == "Bob B")
  }

  @Test func `a password comes only when it was asked for, and is written nowhere`() async throws {
    let scene = try await Scene()
    let platform = try scene.platform()
    let run = try await platform.importHistory(["copy-passwords": ["yes"]])
    let verifier = "SELECT rolpassword FROM pg_authid WHERE rolname = 'alice'"
    let old = try scene.old.execute(verifier, in: scene.source)
    #expect(old.hasPrefix("SCRAM-SHA-256$"))
    #expect(try scene.new.execute(verifier, in: scene.target) == old)
    let piece = String(old.suffix(20))
    for name in try Base.Files.list(run.folder) where !name.hasSuffix(".lock") {
      let bytes = try Base.Files.read(run.folder + "/" + name, limit: 1 << 26)
      #expect(!String(decoding: bytes, as: UTF8.self).contains(piece), "\(name)")
    }
  }

  @Test func `roles can be left out, and a history that is backed up on its server is added to`() async throws {
    let scene = try await Scene()
    let platform = try scene.platform()
    let run = try await platform.importHistory(["principals": ["off"]])
    #expect(run.state == .verified)
    #expect(try scene.grants() == "")
    #expect(
      try await platform.findings(["principals": ["off"]]).of("principals")?.message
        == "roles are left out on request")

    // Another source into the same history: it is dumped and restored first, and its rows close the way for rights.
    let other = try PlatformBench(
      scene.folder,
      sources: [
        "other": .undivided(
          location: scene.old.location(try await scene.old.createLab(.v8_1, in: scene.folder, history: 60))
            .description, password: nil)
      ],
      destination: scene.new.location(scene.target))
    try scene.old.execute(
      "GRANT SELECT ON ALL TABLES IN SCHEMA public TO alice", in: other.section.sources[0].database)
    let second = try await other.importHistory()
    #expect(second.state == .verified)
    #expect(try scene.grants() == "")
    #expect(try other.count("change_request") == 180)
    let place = BackupPlace(
      folder: scene.folder.path + "/backups", keep: 3, keyFile: scene.folder.path + "/.locktender/keys/backup.key")
    let entry = try #require(try place.entries().first { $0.subject == "destination" })
    #expect(try place.test(entry).tables["public.change_request"]?.count == 120)
  }
}

extension HistorySourceSettings {
  /// The name of a database on a server.
  var database: String {
    // Another kind has none.
    guard case .undivided(let location, _) = kind, let place = try? DatabaseLocation(location) else { return "" }
    return place.postgres?.database ?? ""
  }
}
