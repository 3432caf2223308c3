import Directory
import Testing

struct LDIFReaderTests {
  /// Reads a text in pieces of the given size.
  private func read(
    _ text: String, pieces: Int = 1 << 20, limits: LDIFLimits = LDIFLimits()
  ) throws(DirectoryError) -> [(entry: PlainEntry, position: LDIFPosition)] {
    let bytes = Array(text.utf8)
    var reader = LDIFReader(limits: limits)
    var found = [(entry: PlainEntry, position: LDIFPosition)]()
    var start = 0
    while start < bytes.count {
      let end = min(bytes.count, start + pieces)
      try reader.feed(bytes.span.extracting(start..<end)) { found.append((PlainEntry($0), $1)) }
      start = end
    }
    try reader.finish { found.append((PlainEntry($0), $1)) }
    return found
  }

  private let example = """
    version: 1
    # The first example of RFC 2849,
      with a comment that goes on.
    dn: cn=Barbara Jensen, ou=Product Development, dc=airius, dc=com
    objectclass: top
    objectclass: person
    cn: Barbara Jensen
    sn;lang-en:   Jensen
    telephonenumber:
    description:Babs is a big sailing fan, and travels extensively in sea
     rch of perfect sailing conditions.

    # between entries


    dn:: dWlkPXJvZ2FzYXdhcmEsb3U95Za25qWt6YOoLG89QWlyaXVz
    sn:: 5bCP56yg5Y6f
    title:: 
    cn: Ärger

    """

  private let expected = [
    PlainEntry(
      "cn=Barbara Jensen, ou=Product Development, dc=airius, dc=com",
      [
        ["objectclass", "top"], ["objectclass", "person"], ["cn", "Barbara Jensen"], ["sn;lang-en", "Jensen"],
        ["telephonenumber", ""],
        [
          "description",
          "Babs is a big sailing fan, and travels extensively in search of perfect sailing conditions.",
        ],
      ]),
    PlainEntry("uid=rogasawara,ou=営業部,o=Airius", [["sn", "小笠原"], ["title", ""], ["cn", "Ärger"]]),
  ]

  @Test(arguments: [1, 2, 3, 7, 64, 100_000], ["\n", "\r\n"])
  func `entries are read whatever the pieces and the line ends`(pieces: Int, lineEnd: String) throws {
    let text = example.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: lineEnd)
    let found = try read(text, pieces: pieces)
    #expect(found.map(\.entry) == expected)
    #expect(found.map(\.position.line) == [4, 16])
  }

  @Test func `an entry is found again by its position`() throws {
    let folder = try temporaryFolder()
    defer { #expect(throws: Never.self) { try remove(folder) } }
    let path = folder + "/example.ldif"
    try write(example, to: path)
    var positions = [LDIFPosition]()
    try LDIFFile.forEachEntry(in: path) { positions.append($1) }
    for (position, entry) in zip(positions, expected) {
      let again = try LDIFFile.entry(at: position, in: path)
      #expect(PlainEntry(again) == entry)
    }
    var rest = [PlainEntry]()
    try LDIFFile.forEachEntry(in: path, startingAt: positions[1]) { entry, position in
      rest.append(PlainEntry(entry))
      #expect(position == positions[1])
    }
    #expect(rest == [expected[1]])

    var wrong = positions[0]
    wrong.offset += 1
    let code = failure { () throws(DirectoryError) in _ = try LDIFFile.entry(at: wrong, in: path) }
    #expect(code != nil)
    #expect(failure { () throws(DirectoryError) in _ = try LDIFFile.entry(at: wrong, in: folder + "/no") } == .file)
  }

  @Test(arguments: [
    ("dn: a=1\ncn:: YQ=\n", DirectoryError.Code.malformed(line: 2)),
    ("dn: a=1\ncn:: YR==\n", .malformed(line: 2)),
    ("dn: a=1\ncn:: Y Q==\n", .malformed(line: 2)),
    ("dn: a=1\n\ndn: a=2\nb: 1\n", .malformed(line: 1)),
    ("dn: a=1\nb: 1\ndn: a=2\nb: 1\n", .malformed(line: 3)),
    ("cn: a\n", .malformed(line: 1)),
    ("\n folded from nothing\n", .malformed(line: 2)),
    ("dn: a=1\nno colon\n", .malformed(line: 2)),
    ("dn: a=1\nb c: 1\n", .malformed(line: 2)),
    ("dn: a=1\n: 1\n", .malformed(line: 2)),
    ("dn: a=1\nb: \u{0}\n", .malformed(line: 2)),
    ("dn: a=1\nb: 1\nc: cut of", .malformed(line: 3)),
    ("dn: a=1\nb: 1\n-\n", .malformed(line: 3)),
    ("dn: a=1\nb: 1\n\nversion: 1\n", .malformed(line: 4)),
    ("version: 2\ndn: a=1\nb: 1\n", .unsupported(line: 1)),
    ("dn: a=1\njpegPhoto:< file:///etc/passwd\n", .unsupported(line: 2)),
    ("dn: a=1\nchangetype: delete\n", .unsupported(line: 2)),
    ("dn: a=1\nControl: 1.2.3\nchangetype: add\n", .unsupported(line: 2)),
  ])
  func `a faulty file is refused with the line`(text: String, code: DirectoryError.Code) {
    for pieces in [1, 1000] {
      #expect(failure { () throws(DirectoryError) in _ = try read(text, pieces: pieces) } == code)
    }
  }

  @Test func `bytes that are not UTF-8 must be in Base64`() {
    let bytes: [UInt8] = Array("dn: a=1\nb: ".utf8) + [0xFF, 10]
    var reader = LDIFReader()
    let code = failure { () throws(DirectoryError) in
      try reader.feed(bytes.span) { _, _ in }
      try reader.finish { _, _ in }
    }
    #expect(code == .malformed(line: 2))
  }

  @Test func `entries above the limits are refused, those at the limits are not`() throws {
    var limits = LDIFLimits()
    limits.valueCount = 2
    limits.byteCount = 20
    #expect(try read("dn: a=1\nb: 1\nc: 2\n", limits: limits).count == 1)
    let many = "dn: a=1\nb: 1\nc: 2\nd: 3\n"
    #expect(failure { () throws(DirectoryError) in _ = try read(many, limits: limits) } == .tooLarge(line: 4))
    let fits = "dn: a=1\nb: \(String(repeating: "x", count: 16))\n"
    #expect(try read(fits, limits: limits).count == 1)
    let large = "dn: a=1\nb: \(String(repeating: "x", count: 17))\n"
    #expect(failure { () throws(DirectoryError) in _ = try read(large, limits: limits) } == .tooLarge(line: 2))
    let endless = "dn: a=1\nb: " + String(repeating: "x\n ", count: 100)
    #expect(
      failure { () throws(DirectoryError) in _ = try read(endless, pieces: 8, limits: limits) }
        == .tooLarge(line: 2))
  }

  @Test func `what the consumer throws is the cause`() throws {
    struct Enough: Error {}
    var reader = LDIFReader()
    let bytes = Array("dn: a=1\nb: 1\n\n".utf8)
    do {
      try reader.feed(bytes.span) { _, _ in throw Enough() }
      Issue.record("the reader went on")
    } catch {
      #expect(error.code == .interrupted && error.cause is Enough)
    }
  }
}
