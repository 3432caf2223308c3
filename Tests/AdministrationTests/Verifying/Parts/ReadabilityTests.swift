import Base
import TestSupport
import Testing
import Transfer

@testable import Administration

@Suite struct `Readable texts` {
  private func isReadable(_ text: [UInt8]) -> Bool { Readability.isReadable(unsafe text.span.bytes) }

  private func isForm(_ text: String, of original: [UInt8]) -> Bool {
    let text = Array(text.utf8)
    return Readability.isReadableForm(unsafe text.span.bytes, of: unsafe original.span.bytes)
  }

  @Test func `are valid UTF-8 without NUL, as the standard library sees it`() {
    seededRun(count: 400) { _, random in
      // Bytes on the borders of what is valid, among much that is plain.
      let bytes: [UInt8] = [
        0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xED, 0xEF, 0xF0,
        0xF1, 0xF4, 0xF5, 0xFF,
      ]
      let isPlain = Bool.random(using: &random)
      var text = (0..<Int.random(in: 0...24, using: &random)).map { _ in
        isPlain ? UInt8.random(in: 1...127, using: &random) : bytes.randomElement(using: &random)!
      }
      if isPlain, let place = text.indices.randomElement(using: &random) {
        text[place] = bytes.randomElement(using: &random)!
      }
      let expected = String(validating: text, as: UTF8.self) != nil && !text.contains(0)
      #expect(isReadable(text) == expected, "\(text)")
    }
  }

  @Test func `are the forms that the standard library gives of damaged ones`() {
    seededRun(count: 400) { _, random in
      let pieces: [[UInt8]] = [
        [0x41], [0xC3, 0xBC], [0xFF], [0xE2, 0x82], [0xED, 0xA0, 0xBD], [0xC0, 0xAF], [0x00],
        [0xF0, 0x9F, 0x98, 0x80],
        [0xF0, 0x9F], [0xEF, 0xBF, 0xBD], [0x80],
      ]
      let original = (0..<Int.random(in: 0...10, using: &random)).flatMap { _ in
        pieces.randomElement(using: &random)!
      }
      let form = String(decoding: original, as: UTF8.self).replacing("\0", with: "\u{2400}")
      #expect(isForm(form, of: original), "\(original)")
      #expect(!isForm(form + "x", of: original))
      #expect(!isForm("x" + form, of: original))
      if let first = form.first, first != "\u{FFFD}" { #expect(!isForm(String(form.dropFirst()), of: original)) }
    }
  }

  @Test(arguments: [
    ("M\u{FFFD}ller", true), ("M\u{FFFD}\u{FFFD}ller", false), ("Mller", false), ("M?ller", false),
    ("Müller", false), ("M\u{FFFD}ler", false),
  ])
  func `are told from others`(_ text: String, _ isRight: Bool) {
    #expect(isForm(text, of: Array("M".utf8) + [0xFC] + Array("ller".utf8)) == isRight)
  }

  @Test(
    arguments: [
      ("0", 0), ("7", 7), ("-12", -12), ("9223372036854775807", Int64.max), ("-9223372036854775808", .min),
      ("9223372036854775808", nil), ("-9223372036854775809", nil), ("", nil), ("-", nil), ("007", nil), ("+1", nil),
      ("1 ", nil), ("-0", nil), ("1.0", nil),
    ] as [(String, Int64?)])
  func `of keys are digits in one way only`(_ text: String, _ value: Int64?) {
    let bytes = Array(text.utf8)
    #expect(SourceKey.read(unsafe bytes.span.bytes, .integer) == value.map(Key.integer))
  }

  @Test func `of keys that are UUIDs are in small letters`() throws {
    let text = "017aa912-81ba-7ed7-bcb6-e8426ad7c961"
    let small = Array(text.utf8)
    let large = Array(text.uppercased().utf8)
    #expect(SourceKey.read(unsafe small.span.bytes, .uuid) == .uuid(try #require(UniqueID(text))))
    #expect(SourceKey.read(unsafe large.span.bytes, .uuid) == nil)
    #expect(SourceKey.read(unsafe small.span.bytes, .integer) == nil)
  }
}
