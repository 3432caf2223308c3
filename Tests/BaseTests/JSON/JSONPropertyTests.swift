import Base
import Testing

struct JSONPropertyTests {
  private func random(_ dialect: JSONDialect) -> RandomJSON {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("seed \(seed)")
    return RandomJSON(generator: SeededGenerator(seed: seed), dialect: dialect)
  }

  @Test(arguments: [JSONDialect.json, .json5])
  func `random documents are kept byte for byte and mean what they were made from`(dialect: JSONDialect) throws {
    var random = random(dialect)
    for _ in 0..<500 {
      let (text, value) = random.document()
      let tree = try JSONTree(parsing: text, source: "f", dialect: dialect)
      #expect(tree.bytes == Array(text.utf8))
      #expect(try tree.value() == value)
      if dialect == .json { #expect(try JSONValue(parsing: text, source: "f") == value) }
      #expect(try JSONValue(parsing: value.compact(), source: "f") == value)
      #expect(try JSONValue(parsing: value.pretty(), source: "f") == value)
      let canonical = value.canonical()
      #expect(try JSONValue(parsing: canonical.span, source: "f").canonical() == canonical)
    }
  }

  @Test func `every node is found by its path and lies where its position says`() throws {
    var random = random(.json5)
    for _ in 0..<100 {
      let (text, _) = random.document()
      let tree = try JSONTree(parsing: text, source: "f")
      var nodes = [tree.root]
      while let node = nodes.popLast() {
        #expect(tree.root.find(node.path)?.position == node.position)
        #expect(JSONPath(node.path.description) == node.path)
        #expect(Array(text.utf8)[node.position.offset...].starts(with: node.spelling.utf8))
        nodes += node.children
      }
    }
  }

  @Test(arguments: [JSONDialect.json, .json5])
  func `random edits do to the text what they do to the value`(dialect: JSONDialect) throws {
    var random = random(dialect)
    for _ in 0..<200 {
      let (text, _) = random.document()
      var tree = try JSONTree(parsing: text, source: "f", dialect: dialect)
      for _ in 0..<8 {
        let before = tree.text
        let (path, edit, expected) = try randomEdit(of: tree, &random)
        try edit(&tree)
        #expect(try tree.value() == expected, "\(path) in \(before) gave \(tree.text)")
      }
    }
  }

  @Test(arguments: [JSONDialect.json, .json5])
  func `inserting and taking away again gives back all comments`(dialect: JSONDialect) throws {
    var random = random(dialect)
    for _ in 0..<200 {
      let (text, _) = random.document()
      var tree = try JSONTree(parsing: text, source: "f", dialect: dialect)
      let containers = nodes(of: tree).filter { $0.kind == .object && $0.member("new") == nil }
      guard !containers.isEmpty else { continue }
      let path = random.pick(containers).path.appending("new")
      let comments = commentCount(tree)
      try tree.insert(["x": [1]], at: path)
      #expect(commentCount(tree) == comments)
      try tree.remove(at: path, keepingComments: true)
      #expect(commentCount(tree) == comments)
    }
  }

  @Test(arguments: [JSONDialect.json, .json5])
  func `damaged documents are refused or read, and never crash`(dialect: JSONDialect) throws {
    var random = random(dialect)
    var refused = 0
    for _ in 0..<4000 {
      var bytes = Array(random.document().text.utf8)
      for _ in 0..<Int.random(in: 1...3, using: &random.generator) { damage(&bytes, &random) }
      do {
        let tree = try JSONTree(parsing: bytes, source: "f", dialect: dialect)
        #expect(tree.bytes == bytes)
        let value = try tree.value()
        if dialect == .json { #expect(try JSONValue(parsing: bytes.span, source: "f") == value) }
      } catch {
        refused += 1
        #expect(error.position.map { $0.offset <= bytes.count && $0.line >= 1 && $0.column >= 1 } == true)
        // A byte order mark is the only thing that a strict tree takes and a value does not.
        if dialect == .json { #expect(throws: JSONError.self) { try JSONValue(parsing: bytes.span, source: "f") } }
      }
    }
    #expect(refused > 1000)
  }

  @Test func `Python accepts what we accept, with the same meaning`() throws {
    var random = random(.json)
    var input = ""
    var ours = [String]()
    for _ in 0..<3000 {
      var bytes = Array(random.document().text.utf8)
      if random.chance(70) { damage(&bytes, &random) }
      input += hexadecimal(bytes) + "\n"
      // Refusal is a result here: both readers must refuse the same texts.
      let value = try? JSONValue(parsing: bytes.span, source: "f")
      ours.append(value.map { String(decoding: $0.canonical(), as: UTF8.self) } ?? "refused")
    }
    let program = """
      import json, sys
      \(numberTextInPython)
      def text(x):
          if isinstance(x, dict):
              keys = sorted(x, key=lambda k: k.encode('utf-16-be'))
              return '{' + ','.join(text(k) + ':' + text(x[k]) for k in keys) + '}'
          if isinstance(x, list): return '[' + ','.join(map(text, x)) + ']'
          if isinstance(x, float): return number(x)
          if isinstance(x, str): x.encode('utf-8')
          return json.dumps(x, ensure_ascii=False)
      def unique(pairs):
          if len(dict(pairs)) < len(pairs): raise ValueError
          return dict(pairs)
      def refuse(word): raise ValueError
      for line in open(sys.argv[1]):
          try: print(text(json.loads(bytes.fromhex(line).decode('utf-8'), object_pairs_hook=unique, parse_constant=refuse)))
          except (ValueError, OverflowError): print('refused')
      """
    let theirs = try python(program, input: input).split(separator: "\n", omittingEmptySubsequences: false)
    var accepted = 0
    for (ours, theirs) in zip(ours, theirs) {
      // Where digits would be lost, we refuse and Python has big numbers or infinities; such damage is rare.
      if ours == "refused", theirs.contains(where: { $0 == "e" || $0.isNumber }) { continue }
      #expect(ours == theirs)
      if ours != "refused" { accepted += 1 }
    }
    #expect(accepted > 700)
  }

  private func nodes(of tree: JSONTree) -> [JSONNode] {
    var all = [JSONNode]()
    var next = [tree.root]
    while let node = next.popLast() {
      all.append(node)
      next += node.children
    }
    return all
  }

  /// How many of the comments that ``RandomJSON`` writes stand in the text, those within texts included.
  private func commentCount(_ tree: JSONTree) -> Int {
    ["// c,}", "/* x ] */", "// y", "/* a"].map { tree.text.ranges(of: $0).count }.reduce(0, +)
  }

  private func damage(_ bytes: inout [UInt8], _ random: inout RandomJSON) {
    let place = Int.random(in: 0...bytes.count, using: &random.generator)
    switch Int.random(in: 0..<4, using: &random.generator) {
    case 0 where place < bytes.count: bytes.remove(at: place)
    case 1 where place < bytes.count: bytes[place] = UInt8.random(in: 0...255, using: &random.generator)
    case 2: bytes.removeSubrange(place...)
    default: bytes.insert(random.pick(Array("{}[],:\"'\\/*0.e-+ \n\u{e9}".utf8)), at: place)
    }
  }

  private typealias Edit = (inout JSONTree) throws -> Void

  private func randomEdit(
    of tree: JSONTree, _ random: inout RandomJSON
  ) throws -> (JSONPath, Edit, JSONValue) {
    let node = random.pick(nodes(of: tree))
    let value = random.value(depth: 3).1
    let whole = try tree.value()
    let path = node.path
    switch Int.random(in: 0..<3, using: &random.generator) {
    case 0 where !path.components.isEmpty:
      let keeping = random.chance(50)
      return (
        path, { try $0.remove(at: path, keepingComments: keeping) }, changed(whole, path.components[...], to: nil)
      )
    case 1 where node.kind == .object && node.member("new") == nil:
      let inner = path.appending("new")
      let comment: String? = tree.dialect == .json5 && random.chance(30) ? "why\n*/ {" : nil
      return (
        inner, { try $0.set(value, at: inner, comment: comment) }, changed(whole, inner.components[...], to: value)
      )
    case 1 where node.kind == .array:
      let inner = path.appending(Int.random(in: 0...node.count, using: &random.generator))
      return (
        inner, { try $0.insert(value, at: inner) },
        changed(whole, inner.components[...], to: value, inserting: true)
      )
    default:
      return (path, { try $0.replace(value, at: path) }, changed(whole, path.components[...], to: value))
    }
  }

  private func changed(
    _ value: JSONValue, _ path: ArraySlice<JSONPath.Component>, to new: JSONValue?, inserting: Bool = false
  ) -> JSONValue {
    guard let first = path.first else { return new ?? .null }
    let rest = path.dropFirst()
    switch (first, value) {
    case (.key(let key), .object(var object)):
      object[key] = rest.isEmpty ? new : changed(object[key] ?? .null, rest, to: new, inserting: inserting)
      return .object(object)
    case (.index(let index), .array(var elements)):
      if !rest.isEmpty {
        elements[index] = changed(elements[index], rest, to: new, inserting: inserting)
      } else if inserting, let new {
        elements.insert(new, at: index)
      } else if let new {
        elements[index] = new
      } else {
        elements.remove(at: index)
      }
      return .array(elements)
    default: return value
    }
  }
}
