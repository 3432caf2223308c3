internal import Archive
internal import Base
internal import Cryptography

/// Packs what somebody who helps needs to see of a run, without secrets and without anything about people.
///
/// Nothing is taken over as it is: plan, report, journal, events and output go through the ``TreeMask``. Rejected
/// rows, the platform file, keys and databases are left out. The manifest says what is there and what is not.
struct SupportBundle {
  private let folder: RunFolder
  private let workplace: Workplace
  private let withNames: Bool
  private var mask: TreeMask
  private var contents: [String: PlainValue] = [:]

  init(_ folder: RunFolder, in workplace: Workplace, withNames: Bool) throws {
    self.folder = folder
    self.workplace = workplace
    self.withNames = withNames
    let (plan, hash) = try PlanStore.read(folder.plan, expecting: nil)
    var texts = TextMask(showingHosts: withNames)
    texts.known = [folder.run.description, String(folder.run.description.prefix(8)), hash.description]
    for input in plan.inputs {
      if let host = LocationMask.host(of: input.location) { texts.add(host: host) }
    }
    mask = TreeMask(texts: texts)
  }

  /// Writes the bundle; it appears complete or not at all, readable by its owner alone.
  mutating func write(to path: String) throws {
    let now = workplace.clock.now()
    let scratch = try TemporaryFolder(prefix: ".bundle", in: folder.path)
    var archive = try TarWriter(path)
    for (name, source) in [
      ("plan.json", folder.plan), ("report.json", folder.report), ("verification.json", folder.verification),
    ]
    where try Files.exists(source) {
      let value = try decodeJSON(PlainValue.self, from: Files.read(source, limit: Report.sizeLimit))
      try add(name, mask.masked(value), to: &archive, now)
    }
    try add("journal.json", mask.masked(try JournalDump.read(folder.journal)), to: &archive, now)
    for (name, source) in [("events.jsonl", folder.events), ("output.log", folder.path + "/output.log")]
    where try Files.exists(source) {
      let masked = scratch.path(name)
      try maskLines(of: source, to: masked, asJSON: name.hasSuffix("jsonl"))
      try archive.add(name, contentsOf: masked, modified: now)
    }
    try add("manifest.json", try manifest(now), to: &archive, now)
    try archive.finish()
  }

  private mutating func add(
    _ name: String, _ value: PlainValue, to archive: inout TarWriter, _ now: Timestamp
  ) throws {
    let bytes = try encodeJSON(value, pretty: true) + [0x0A]
    try archive.add(name, bytes.span, modified: now)
    contents[name] = .record(["bytes": .integer(Int64(bytes.count))])
  }

  /// Masks a file line by line; a line that is no JSON where it should be is counted and left out.
  private mutating func maskLines(of source: String, to target: String, asJSON: Bool) throws {
    var reader = try LineReader(source)
    let writer = try AtomicFile(target)
    var lines = 0
    var leftOut = 0
    while try reader.next() {
      var bytes = [UInt8]()
      bytes.reserveCapacity(reader.line.count)
      for index in reader.line.indices { bytes.append(reader.line[index]) }
      var masked: [UInt8]
      if asJSON {
        // A torn line tells nothing that the lines around it do not.
        guard let value = try? decodeJSON(PlainValue.self, from: bytes) else {
          leftOut += 1
          continue
        }
        masked = try encodeJSON(mask.masked(value))
      } else {
        masked = Array(mask.texts.masked(String(decoding: bytes, as: UTF8.self)).utf8)
      }
      masked.append(0x0A)
      try writer.write(masked.span)
      lines += 1
    }
    try writer.commit()
    contents[Paths.name(of: target)] = .record([
      "lines": .integer(Int64(lines)), "linesLeftOut": .integer(Int64(leftOut)),
    ])
  }

  private func manifest(_ now: Timestamp) throws -> PlainValue {
    var rejects = 0
    let rejectFile = folder.path + "/rejects.jsonl"
    if try Files.exists(rejectFile) {
      var reader = try LineReader(rejectFile, limit: 1 << 28)
      while try reader.next() { rejects += 1 }
    }
    return .record([
      "format": .integer(1), "program": .text(workplace.program), "run": .text(folder.run.description),
      "packedAt": .text(now.description), "hostNames": .flag(withNames), "files": .record(contents),
      "reportSignatureFits": .flag(signatureFits()), "rejectedRowsLeftOut": .integer(Int64(rejects)),
      "masking": .text(
        "Words that are not this program's own stand as ‹n›, the same number for the same word. Hashes and signatures do not fit what is masked."
      ),
    ])
  }

  /// Whether the report is the one that was signed; false where that cannot be told.
  private func signatureFits() -> Bool {
    // A report that cannot be believed is worth packing too; the manifest says that it cannot.
    (try? Report.signed(at: folder.report, keys: ReportKeys(of: folder))) != nil
  }
}
