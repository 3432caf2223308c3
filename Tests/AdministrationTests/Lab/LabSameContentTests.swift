import Administration
import Base
import Database
import TestSupport
import Testing

/// Equal options make equal content.
@Suite struct LabSameContentTests {
  /// A digest over all rows of all tables in the order of their keys, `product_info` included.
  private func digest(_ lab: TestLab) throws -> [String: Int] {
    var digests: [String: Int] = [:]
    for entry in lab.manifest.databases {
      let connection = try lab.open(entry.type)
      for table in lab.schema(entry.type).tables {
        var hasher = Hasher()
        try connection.scan(table) { row in
          for column in table.columns.indices {
            hasher.combine(row.isNull(column))
            unsafe row.field(column).withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
          }
        }
        digests["\(entry.type) \(table.name)"] = hasher.finalize()
      }
    }
    return digests
  }

  @Test(arguments: LabShape.sqlite)
  func `a second run makes the same rows`(_ shape: LabShape) async throws {
    let first = try await TestLab(shape)
    let second = try await TestLab(shape)
    #expect(try digest(first) == digest(second))
    #expect(first.manifest.ugliness.map(\.count) == second.manifest.ugliness.map(\.count))
  }

  @Test(arguments: Release.allCases)
  func `both engines hold the same rows`(_ release: Release) async throws {
    func lab(_ store: LabShape.Store) async throws -> TestLab {
      try await TestLab(LabShape(release: release, store: store, isUndivided: false)) { $0.damage = .none }
    }
    #expect(try digest(try await lab(.sqlite)) == digest(try await lab(.postgresql)))
  }

  @Test func `both engines hold the same spoilt texts`() async throws {
    func lab(_ store: LabShape.Store) async throws -> TestLab {
      try await TestLab(LabShape(release: .v7_6, store: store, isUndivided: true)) { $0.damage = .invalidUTF8 }
    }
    let (file, server) = (try await lab(.sqlite), try await lab(.sqlASCII))
    #expect(file.manifest.count(of: .invalidUTF8) > 0)
    #expect(try digest(file) == digest(server))
  }

  @Test func `another seed, or another number of people, makes another history`() async throws {
    let shape = LabShape(release: .v7_5, store: .sqlite, isUndivided: true)
    let first = try digest(try await TestLab(shape, history: 500))["undivided request"]
    #expect(try first != digest(try await TestLab(shape, history: 500, seed: 8))["undivided request"])
    #expect(try first != digest(try await TestLab(shape, people: 151, history: 500))["undivided request"])
  }

  @Test func `one database or two hold the same rows`() async throws {
    let whole = try digest(try await TestLab(LabShape(release: .v7_6, store: .sqlite, isUndivided: true)))
    let halves = try digest(try await TestLab(LabShape(release: .v7_6, store: .sqlite, isUndivided: false)))
    for table in ["change_history", "change_history_section", "management_task"] {
      #expect(whole["undivided \(table)"] == halves["history \(table)"])
    }
    for table in ["person", "workflow", "policy", "add_on", "replication_partner", "service_instance"] {
      #expect(whole["undivided \(table)"] == halves["configuration \(table)"])
    }
  }

  /// The digest stands here so that no later change of the lab alters what a seed means without being noticed. Only
  /// past times are in it: rules of zones for years to come may change.
  @Test func `the same seed means the same history for good`() async throws {
    let lab = try await TestLab(
      LabShape(release: .v7_5, store: .sqlite, isUndivided: true), people: 40, history: 300, seed: 1)
    let table = try #require(lab.schema(.history).table("request"))
    // FNV-1a of 64 bits (RFC 9923).
    var digest: UInt64 = 0xCBF2_9CE4_8422_2325
    try lab.open(.history).scan(table) { row in
      for column in table.columns.indices {
        for byte in row.bytes(column) ?? [0xFF] { digest = (digest ^ UInt64(byte)) &* 0x100_0000_01B3 }
      }
    }
    #expect(digest == 0xB0A793B1050D8D74)
  }
}
