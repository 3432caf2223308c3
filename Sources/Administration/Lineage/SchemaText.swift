internal import Database

/// The schema files, which stand under `Sources/Administration/Schema` and are built into the program.
///
/// One text serves both engines. A column stands on a line of its own, two spaces in, as `name type …`; the type
/// is a word of ``ColumnType`` and is replaced by the engine's. Nothing else changes.
struct SchemaText: Sendable {
  let text: String

  init(_ bytes: [UInt8]) { text = String(decoding: bytes, as: UTF8.self) }

  private var lines: [Substring] {
    text.split(separator: "\n").filter { !$0.hasPrefix("--") }
  }

  /// The statements for an engine, without comments and semicolons.
  func statements(for engine: Engine) -> [String] {
    let script = lines.map { line in
      guard let column = SchemaText.column(line) else { return String(line) }
      return "  \(column.name) \(column.type.name(on: engine))\(column.rest)"
    }
    return script.joined(separator: "\n").split(separator: ";").map(String.init).filter {
      $0.contains { !$0.isWhitespace }
    }
  }

  /// The tables that the text creates.
  var tables: [SchemaTable] {
    var tables = [SchemaTable]()
    var name: Substring?
    var columns = [SchemaColumn]()
    for line in lines {
      if let rest = line.dropping(prefix: "create table ") {
        name = rest.prefix { $0 != " " }
      } else if let column = SchemaText.column(line) {
        let isNullable = !column.rest.contains(" not null")
        columns.append(SchemaColumn(name: String(column.name), type: column.type, isNullable: isNullable))
      } else if line == ");", let complete = name {
        tables.append(SchemaTable(name: String(complete), columns: columns))
        (name, columns) = (nil, [])
      }
    }
    return tables
  }

  private static func column(_ line: Substring) -> (name: Substring, type: ColumnType, rest: Substring)? {
    guard line.hasPrefix("  "), !line.hasPrefix("  primary key") else { return nil }
    let words = line.dropFirst(2)
    let name = words.prefix { $0 != " " }
    let afterName = words.dropFirst(name.count + 1)
    let word = afterName.prefix { $0 != " " && $0 != "," }
    guard let type = ColumnType(rawValue: String(word)) else {
      // The files are part of the program: a test reads them all.
      fatalError("broken invariant: a schema file has a column of type \(word)")
    }
    return (name, type, afterName.dropFirst(word.count))
  }
}

extension Substring {
  fileprivate func dropping(prefix: String) -> Substring? { hasPrefix(prefix) ? dropFirst(prefix.count) : nil }
}
