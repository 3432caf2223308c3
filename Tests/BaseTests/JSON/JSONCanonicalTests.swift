import Base
import Testing

/// A Python function that writes a double as the canonical form does, from Python's own shortest digits.
let numberTextInPython = """
  from decimal import Decimal
  def number(x):
      if x == int(x) and abs(x) < 2**63: return str(int(x))
      sign, digits, exponent = Decimal(repr(abs(x))).normalize().as_tuple()
      d = ''.join(map(str, digits)); n = len(d) + exponent; k = len(d)
      if k <= n <= 21: t = d + '0' * (n - k)
      elif 0 < n <= 21: t = d[:n] + '.' + d[n:]
      elif -6 < n <= 0: t = '0.' + '0' * -n + d
      else: t = d[0] + ('.' + d[1:] if k > 1 else '') + 'e' + ('+' if n > 0 else '-') + str(abs(n - 1))
      return ('-' if x < 0 else '') + t
  """

struct JSONCanonicalTests {
  /// RFC 8785, appendix B.
  @Test(
    arguments: [
      (0x0000_0000_0000_0000, "0"), (0x8000_0000_0000_0000, "0"), (0x0000_0000_0000_0001, "5e-324"),
      (0x8000_0000_0000_0001, "-5e-324"), (0x7fef_ffff_ffff_ffff, "1.7976931348623157e+308"),
      (0xffef_ffff_ffff_ffff, "-1.7976931348623157e+308"), (0x4340_0000_0000_0000, "9007199254740992"),
      (0xc340_0000_0000_0000, "-9007199254740992"), (0x4430_0000_0000_0000, "295147905179352830000"),
      (0x44b5_2d02_c7e1_4af5, "9.999999999999997e+22"), (0x44b5_2d02_c7e1_4af6, "1e+23"),
      (0x44b5_2d02_c7e1_4af7, "1.0000000000000001e+23"), (0x444b_1ae4_d6e2_ef4e, "999999999999999700000"),
      (0x444b_1ae4_d6e2_ef4f, "999999999999999900000"), (0x444b_1ae4_d6e2_ef50, "1e+21"),
      (0x3eb0_c6f7_a0b5_ed8c, "9.999999999999997e-7"), (0x3eb0_c6f7_a0b5_ed8d, "0.000001"),
      (0x41b3_de43_5555_5553, "333333333.3333332"), (0x41b3_de43_5555_5554, "333333333.33333325"),
      (0x41b3_de43_5555_5555, "333333333.3333333"), (0x41b3_de43_5555_5556, "333333333.3333334"),
      (0x41b3_de43_5555_5557, "333333333.33333343"), (0xbecb_f647_612f_3696, "-0.0000033333333333333333"),
      (0x4314_3ff3_c1cb_0959, "1424953923781206.2"),
    ] as [(UInt64, String)])
  func `numbers are written as RFC 8785 lists them`(bits: UInt64, text: String) throws {
    let number = JSONValue.number(Double(bitPattern: bits))
    #expect(number.canonical() == Array(text.utf8))
    let back = try JSONValue(parsing: text, source: "f")
    #expect(back.doubleValue == Double(bitPattern: bits), "the canonical form can be read again")
    #expect(back.canonical() == Array(text.utf8))
  }

  @Test func `the example of RFC 8785 comes out as printed there`() throws {
    let input = #"""
      {
        "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
        "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
        "literals": [null, true, false]
      }
      """#
    let output =
      #"{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}"#
    #expect(try JSONValue(parsing: input, source: "f").canonical() == Array(output.utf8))
  }

  @Test func `members are sorted by UTF-16 units`() throws {
    let value: JSONValue = [
      "\u{20ac}": 1, "\r": 2, "\u{fb33}": 3, "1": 4, "\u{1f600}": 5, "\u{80}": 6, "\u{f6}": 7,
    ]
    let keys = try JSONValue(parsing: value.canonical().span, source: "f").objectValue?.keys
    #expect(keys == ["\r", "1", "\u{80}", "\u{f6}", "\u{20ac}", "\u{1f600}", "\u{fb33}"])
  }

  @Test func `integers keep all digits, and equal numbers have one form`() throws {
    #expect(JSONValue.integer(9_007_199_254_740_993).canonical() == Array("9007199254740993".utf8))
    #expect(JSONValue.number(1_152_921_504_606_846_976).canonical() == Array("1152921504606846976".utf8))
    #expect(JSONValue.number(2).canonical() == JSONValue.integer(2).canonical())
    #expect(JSONValue.number(-0.0).canonical() == JSONValue.integer(0).canonical())
  }

  @Test func `random doubles are written as Python's shortest digits say`() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("seed \(seed)")
    var generator = SeededGenerator(seed: seed)
    var numbers = [Double]()
    while numbers.count < 3000 {
      let number = Double(bitPattern: generator.next())
      if number.isFinite { numbers.append(number) }
      numbers.append(Double(Int.random(in: -1_000_000_000...1_000_000_000, using: &generator)) / 1000)
    }
    let program = """
      import struct, sys
      \(numberTextInPython)
      for line in open(sys.argv[1]): print(number(struct.unpack('>d', bytes.fromhex(line.strip()))[0]))
      """
    let input = numbers.map { number in
      let digits = String(number.bitPattern, radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }
    let told = try python(program, input: input.joined(separator: "\n")).split(separator: "\n")
    #expect(told.count == numbers.count)
    for (number, text) in zip(numbers, told) {
      #expect(String(decoding: JSONValue.number(number).canonical(), as: UTF8.self) == text)
    }
  }
}
