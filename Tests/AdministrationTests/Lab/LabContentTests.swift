import Administration
import Base
import Database
import TestSupport
import Testing

@Suite struct LabContentTests {
  @Test(arguments: LabShape.all)
  func `every table has as many rows as the manifest says`(_ shape: LabShape) async throws {
    let lab = try await TestLab(shape, history: 1500)
    for entry in lab.manifest.databases {
      let connection = try Connection.open(entry.location, options: .readOnly)
      #expect(entry.tables.map(\.name) == ReleaseSchema(shape.release, entry.type).tables.map(\.name))
      for table in entry.tables {
        let count = try connection.integer("select count(*) from \(identifier: table.name)")
        #expect(count == Int64(table.rows), "\(table.name)")
      }
      try connection.close()
    }
    let requests = ["request", "change_history", "change_request"].compactMap { lab.manifest.rows(of: $0) }
    #expect(requests == [1500])
    #expect(lab.manifest.rows(of: "person") == 155)
  }

  @Test(arguments: LabShape.all)
  func `the databases say what they are, and have the tables of their release`(_ shape: LabShape) async throws {
    let lab = try await TestLab(shape, history: 200)
    let configuration = lab.manifest.database(.configuration)
    #expect(lab.manifest.databases.count == (shape.isUndivided ? 1 : 2))
    for entry in lab.manifest.databases {
      let connection = try Connection.open(entry.location, options: .readOnly)
      let identity = try DatabaseIdentity.read(from: connection)
      #expect(identity.release == shape.release)
      #expect(identity.type == entry.type)
      #expect(identity.id == entry.id)
      #expect(identity.pairedConfiguration == (entry.type == .history ? configuration?.id : nil))
      let drift = try SchemaDrift.read(from: connection, as: identity)
      #expect(drift.isNone, "\(drift)")
      try connection.close()
    }
  }

  @Test(arguments: LabShape.sqlite)
  func `spoilt texts are there, as many as the engine can hold`(_ shape: LabShape) async throws {
    let lab = try await TestLab(shape)
    let (invalid, nul) = try Self.spoilt(lab)
    if shape.release.textsAreClean {
      #expect(invalid == 0 && nul == 0)
      #expect(lab.manifest.count(of: .invalidUTF8) == 0 && lab.manifest.count(of: .nul) == 0)
    } else {
      #expect(lab.manifest.count(of: .invalidUTF8) >= 12 && lab.manifest.count(of: .nul) >= 9)
      #expect(nul > 0 && nul <= lab.manifest.count(of: .nul))
      // A NUL may stand in the middle of a character.
      #expect(invalid > 0 && invalid <= lab.manifest.count(of: .invalidUTF8) + lab.manifest.count(of: .nul))
    }
  }

  @Test func `PostgreSQL holds spoilt texts without NUL in a database of SQL_ASCII, and none else`() async throws {
    let ascii = try await TestLab(LabShape(release: .v8_1, store: .sqlASCII, isUndivided: false))
    let (invalid, nul) = try Self.spoilt(ascii)
    #expect(invalid > 0 && nul == 0)
    #expect(ascii.manifest.count(of: .invalidUTF8) >= 12 && ascii.manifest.count(of: .nul) == 0)
    let utf8 = try await TestLab(LabShape(release: .v7_5, store: .postgresql, isUndivided: true))
    #expect(try Self.spoilt(utf8) == (0, 0))
  }

  /// How many text fields of the history are not UTF-8, and how many hold NUL.
  private static func spoilt(_ lab: TestLab) throws -> (Int, Int) {
    let connection = try lab.open(.history)
    var (invalid, nul) = (0, 0)
    for table in lab.schema(.history).tables {
      try connection.scan(table) { row in
        for (index, column) in table.columns.enumerated() where column.kind == .text {
          guard let bytes = row.bytes(index) else { continue }
          if String(validating: bytes, as: UTF8.self) == nil { invalid += 1 }
          if bytes.contains(0) { nul += 1 }
        }
      }
    }
    return (invalid, nul)
  }

  @Test(arguments: LabShape.sqlite)
  func `every ugliness of the release occurs in a small history`(_ shape: LabShape) async throws {
    let lab = try await TestLab(shape)
    for (kind, count) in lab.manifest.ugliness {
      let isImpossible = shape.release.textsAreClean && (kind == .invalidUTF8 || kind == .nul)
      #expect((count > 0) != isImpossible, "\(kind.name): \(count)")
    }
  }

  @Test func `a history without ugliness has none that was drawn`() async throws {
    let lab = try await TestLab(LabShape(release: .v8_1, store: .sqlite, isUndivided: false)) { options in
      options.rates = .none
    }
    for kind in [
      Ugliness.unknownApprover, .unknownInitiator, .unknownWorkflow, .manyScripts, .longValue, .hugeValue,
      .emptyValue,
      .specialCharacters, .invalidUTF8, .nul, .before1970, .duplicateNaturalKey, .missingRequest, .keyGap,
      .lateCommit,
    ] { #expect(lab.manifest.count(of: kind) == 0, "\(kind.name)") }
  }

  @Test func `a new service of the newest release has an empty history with keys and indexes`() async throws {
    let lab = try await TestLab(LabShape(release: .v8_2, store: .sqlite, isUndivided: false), history: 0)
    #expect(lab.manifest.rows(of: "change_request") == 0)
    #expect(lab.manifest.rows(of: "person") == 155)
    let catalogue = try lab.open(.history).catalogue()
    let indexes = try #require(catalogue["change_request"]).indexes.map(\.columns)
    #expect(indexes.contains(["id"]))
    #expect(indexes.contains(["object_guid", "requested_at"]))
    #expect(catalogue["original_value"]?.indexes.map(\.columns) == [["row_id", "field", "ordinal"]])
  }
}
