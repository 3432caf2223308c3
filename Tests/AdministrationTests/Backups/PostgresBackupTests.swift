import Base
import Cryptography
import Database
import Migration
import TestSupport
import Testing

@testable import Administration

@Suite(.startsServers) struct PostgresBackupTests {
  @Test func `a database goes encrypted into its file and comes back row for row`() async throws {
    let bench = try StepBench()
    let server = try PrivatePostgres.shared()
    let name = try await server.createLab(.v8_0, in: bench.folder)
    let step = bench.step(server.location(name))
    #expect(try await step.probe(bench.context) == .incomplete)
    try await step.act(bench.context)

    let entry = try #require(try bench.place.entries().first)
    #expect(try await step.probe(bench.context) == .complete(digest: entry.content))
    #expect(try EncryptedFile.header(of: entry.file).keySource != .passphrase(.recommended))
    #expect(try bench.leftovers() == [])
    let content = try bench.place.test(entry)
    #expect(content.tables["public.change_request"]?.count == 400)
    #expect(content.digest.description == entry.content)
    #expect(try bench.context.journal.note("secure.main.rows") == String(content.rows))
  }

  @Test func `a login that may only read is enough for a backup and its test`() async throws {
    let bench = try StepBench()
    let server = try PrivatePostgres.shared()
    let name = try await server.createLab(.v7_5, in: bench.folder, history: 200)
    let reader = try server.createLogin("reader")
    try server.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO \(reader)", in: name)
    try await bench.step(server.location(name, user: reader)).act(bench.context)
    #expect(try bench.place.entries().count == 1)
  }

  @Test func `a table that the login may not read is named, and no file is left`() async throws {
    let bench = try StepBench()
    let server = try PrivatePostgres.shared()
    let name = try await server.createLab(.v7_5, in: bench.folder, history: 50)
    let reader = try server.createLogin("reader")
    try server.execute("GRANT SELECT ON request, task, product_info TO \(reader)", in: name)
    let error = await thrown { try await bench.step(server.location(name, user: reader)).act(bench.context) }
    #expect((error as? AdministrationError)?.reason.contains("the login may not read table") == true)
    #expect(
      try Base.Files.list(bench.folder.path + "/backups").filter {
        $0.hasSuffix(".ltbackup") || $0.hasSuffix(".part")
      } == [])
    #expect(try bench.leftovers() == [])
  }

  @Test func `every kind of table and value is compared after the restoration`() async throws {
    let bench = try StepBench()
    let server = try PrivatePostgres.shared()
    let name = PrivatePostgres.freshName("odd")
    try server.execute(
      "CREATE DATABASE \(name) TEMPLATE template0 ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'", in: "postgres")
    try server.execute(
      """
      SET client_encoding = 'UTF8';
      CREATE SCHEMA "Other Place";
      CREATE TYPE colour AS ENUM ('red', 'blue');
      CREATE DOMAIN short AS text CHECK (length(value) < 10);
      CREATE TABLE "Other Place"."t" (t text, "locktender row" int, shade colour, name short, price money,
        half real, whole double precision, at timestamptz, spans interval, raw bytea, list int[], doc jsonb,
        twice int GENERATED ALWAYS AS ("locktender row" * 2) STORED, kind regclass);
      INSERT INTO "Other Place"."t" VALUES
        ('Größe', 7, 'blue', 'é', 12.5, 0.1, 1e300, '1960-02-03 04:05:06.789+02', '1 mon -3 days', '\\x00ff', '{1,NULL,3}',
         '{"a": [1, null]}', DEFAULT, 'pg_class'),
        (NULL, NULL, NULL, NULL, NULL, 'NaN', '-Infinity', 'infinity', NULL, '', '{}', NULL, DEFAULT, NULL);
      CREATE TABLE parted (id int, part int) PARTITION BY LIST (part);
      CREATE TABLE parted_1 PARTITION OF parted FOR VALUES IN (1);
      CREATE TABLE parted_2 PARTITION OF parted FOR VALUES IN (2);
      INSERT INTO parted SELECT n, 1 + n % 2 FROM generate_series(1, 1001) n;
      CREATE TABLE parent (id int);
      CREATE TABLE child (extra text) INHERITS (parent);
      INSERT INTO parent VALUES (1); INSERT INTO child VALUES (2, 'x'), (3, 'y');
      CREATE UNLOGGED TABLE quick (id serial); INSERT INTO quick DEFAULT VALUES;
      CREATE TABLE empty (); INSERT INTO empty DEFAULT VALUES;
      CREATE VIEW seen AS SELECT * FROM parted;
      SELECT lo_from_bytea(0, decode(repeat('ab', 5000), 'hex'));
      """, in: name)
    try await bench.step(server.location(name)).act(bench.context)
    let entry = try #require(try bench.place.entries().first)
    let content = try bench.place.test(entry)
    #expect(content.tables["Other Place.t"]?.count == 2)
    #expect(content.tables["public.parted_1"]?.count == 500)
    #expect(content.tables["public.parent"]?.count == 1)
    #expect(content.tables["public.child"]?.count == 2)
    #expect(content.tables["public.quick"]?.count == 1)
    #expect(content.tables["public.empty"]?.count == 1)
    #expect(content.tables["large objects"]?.count == 1)
    #expect(content.tables["public.parted"] == nil && content.tables["public.seen"] == nil)
  }

  @Test func `what others write meanwhile is neither in the dump nor in what it is compared with`() async throws {
    let bench = try StepBench()
    let server = try PrivatePostgres.shared()
    let name = try await server.createLab(.v8_1, in: bench.folder, history: 3_000)
    let writing = CancellationFlag()
    let writer = BlockingThread(name: "writer")
    let insert = """
      INSERT INTO property_change SELECT request_id, ordinal + 1000000 + (random() * 1e9)::bigint, name, old_value, 'late'
      FROM property_change LIMIT 5 ON CONFLICT DO NOTHING
      """
    async let written = writer.run {
      let connection = try Connection.open(server.location(name), options: .readWrite)
      var count = 0
      while !writing.isSet { count += try connection.execute(SQL(unsafeSQL: insert)) }
      return count
    }
    let error = await thrown { try await bench.step(server.location(name)).act(bench.context) }
    writing.set()
    #expect(error == nil, "\(error.map(explain) ?? "")")
    #expect(try await written > 0)
  }

  @Test func `a password with any character reaches the dump, and no file of it stays`() async throws {
    let password = #"a:b\c d'"é"#
    let bench = try StepBench()
    let server = try PrivatePostgres(.init(listening: .loopback, password: "owner"))
    let name = try server.createDatabase()
    try server.execute("CREATE TABLE t AS SELECT n FROM generate_series(1, 10) n", in: name)
    let login = try server.createLogin("secretive", attributes: "PASSWORD $secret$\(password)$secret$")
    try server.execute("GRANT SELECT ON t TO \(login)", in: name)
    let wrong = await thrown {
      try await bench.step(server.location(name, user: login), password: "wrong").act(bench.context)
    }
    #expect(wrong.map(explain)?.contains("password is wrong") == true, "\(wrong.map(explain) ?? "")")
    try await bench.step(server.location(name, user: login), password: password).act(bench.context)
    #expect(try bench.place.entries().count == 1)
    #expect(try Base.Files.list("/dev/shm").filter { $0.hasPrefix("locktender-login") } == [])
  }

  @Test func `a passphrase of the platform opens the backup, and another one does not`() async throws {
    let bench = try StepBench(passphrase: "correct horse")
    let server = try PrivatePostgres.shared()
    let name = try server.createDatabase()
    try server.execute("CREATE TABLE t AS SELECT n FROM generate_series(1, 100) n", in: name)
    try await bench.step(server.location(name)).act(bench.context)
    let entry = try #require(try bench.place.entries().first)
    #expect(try EncryptedFile.header(of: entry.file).keySource == .passphrase(.recommended))
    #expect(try !Base.Files.exists(bench.place.keys.keyFile))
    #expect(try bench.place.test(entry).tables["public.t"]?.count == 100)
    var other = bench.place.keys
    other.given = {
      let bytes = Array("wrong".utf8)
      return SecretBytes(copying: bytes.span)
    }
    let keys = other
    let error = await thrown { _ = try OpenedBackup(entry.file, keys, named: "main") }
    #expect((error as? CryptographyError)?.code == .authenticationFailed)
  }

  @Test func `a backup that was changed or replaced fails its test`() async throws {
    let bench = try StepBench()
    let server = try PrivatePostgres.shared()
    let name = try server.createDatabase()
    try server.execute("CREATE TABLE t AS SELECT n FROM generate_series(1, 100) n", in: name)
    try await bench.step(server.location(name)).act(bench.context)
    let entry = try #require(try bench.place.entries().first)
    try bench.place.test(entry)

    // Another content under the same name, encrypted with the right key.
    try server.execute("UPDATE t SET n = 0 WHERE n = 1", in: name)
    let second = try StepBench()
    try Base.Files.createFolder(second.folder.path + "/keys")
    try Base.Files.copy(bench.place.keys.keyFile, to: second.place.keys.keyFile)
    try await second.step(server.location(name)).act(second.context)
    let other = try #require(try second.place.entries().first)
    try Base.Files.copy(other.file, to: entry.file, replacing: true)
    let replaced = await thrown { try bench.place.test(entry) }
    #expect((replaced as? AdministrationError)?.reason == "it holds other rows than when it was made")

    var bytes = try Base.Files.read(entry.file, limit: 1 << 24)
    bytes[bytes.count / 2] ^= 1
    try Base.Files.write(bytes, to: entry.file)
    let changed = await thrown { try bench.place.test(entry) }
    #expect((changed as? CryptographyError)?.code == .authenticationFailed)
    try Base.Files.remove(entry.file)
    let gone = await thrown { try bench.place.test(entry) }
    #expect((gone as? AdministrationError)?.reason == "the file is gone")
  }

  @Test func `a run that is asked to stop leaves no half backup`() async throws {
    let flag = CancellationFlag()
    let bench = try StepBench(cancellation: flag)
    let server = try PrivatePostgres.shared()
    let name = try server.createDatabase()
    try server.execute("CREATE TABLE t AS SELECT n, md5(n::text) FROM generate_series(1, 200000) n", in: name)
    bench.context.events.add { event in
      if case .progress(let progress) = event.kind, progress.bytesDone > 500_000 { flag.set() }
    }
    let error = await thrown { try await bench.step(server.location(name)).act(bench.context) }
    #expect(error is CancellationError, "\(error.map(explain) ?? "it ended")")
    #expect(try Base.Files.list(bench.folder.path + "/backups") == [])
    #expect(try bench.place.entries() == [])
  }

  @Test func `a dump that the server cuts off leaves no file, and the next one is whole`() async throws {
    let bench = try StepBench()
    let server = try PrivatePostgres.shared()
    let name = try server.createDatabase()
    try server.execute("CREATE TABLE t AS SELECT n, md5(n::text) FROM generate_series(1, 400000) n", in: name)
    let cut = CancellationFlag()
    bench.context.events.add { event in
      guard case .progress(let progress) = event.kind, progress.bytesDone > 200_000, !cut.isSet else { return }
      cut.set()
      let terminate =
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'locktender backup'"
      // A failure shows: the backup then succeeds.
      _ = try? server.execute(terminate + " AND datname = '\(name)'", in: name)
    }
    let error = await thrown { try await bench.step(server.location(name)).act(bench.context) }
    #expect(
      (error as? AdministrationError)?.reason == "the server ended the connection", "\(error.map(explain) ?? "")")
    #expect(try Base.Files.list(bench.folder.path + "/backups") == [])
    // What a killed process leaves goes with the next attempt.
    let archive = try bench.place.newArchive("main", run: bench.context.run, at: SystemClock().now())
    try Base.Files.write("half", to: archive + ".0123456789ab.part")
    try await bench.step(server.location(name)).act(bench.context)
    let entry = try #require(try bench.place.entries().first)
    #expect(try bench.place.test(entry).tables["public.t"]?.count == 400_000)
    #expect(try Base.Files.list(bench.folder.path + "/backups").filter { $0.hasSuffix(".part") } == [])
  }

  @Test func `a key file whose last byte is a line break is the key all the same`() async throws {
    let bench = try StepBench()
    let server = try PrivatePostgres.shared()
    let name = try server.createDatabase()
    try server.execute("CREATE TABLE t AS SELECT 1 AS n", in: name)
    var key = [UInt8](repeating: 7, count: 30) + [0x0D, 0x0A]
    try Base.Files.createFolder(bench.folder.path + "/keys")
    try Base.Files.write(key, to: bench.place.keys.keyFile)
    try await bench.step(server.location(name)).act(bench.context)
    let entry = try #require(try bench.place.entries().first)
    key.removeAll()
    var keys = BackupKeys(keyFile: "/nonexistent")
    let file = bench.place.keys.keyFile
    keys.given = { try SecretBytes.read(file: file) }
    let backup = try OpenedBackup(entry.file, keys, named: "main")
    #expect(try backup.open().integer("SELECT n FROM public.t") == 1)
  }
}
