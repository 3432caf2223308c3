internal import Base
internal import Database
internal import Migration
internal import Transfer

/// Puts rejected rows back into the shape of their release's tables.
struct RejectTables {
  private let release: Release
  private let schema: ReleaseSchema
  private let layout: HistoryLayout

  init(_ release: Release) {
    self.release = release
    schema = ReleaseSchema(release, .history)
    layout = HistoryLayout(release)
  }

  /// - Parameter place: the file and the line, for messages.
  func row(_ rejected: RejectedRow, at place: String) throws -> RejectList.Row {
    guard let table = table(of: rejected.stream), let shape = schema.table(table) else {
      throw failed(place, "no table of \(release) belongs to the stream \(rejected.stream)")
    }
    guard Key(rejected.key, kind: release.keysAreIntegers ? .integer : .uuid) != nil else {
      throw failed(place, "its key is none of \(release)")
    }
    var values: [(String, RejectedValue)] = []
    var parents: [(String, RejectedValue)] = []
    var ordinal = ""
    for field in rejected.fields {
      let words = field.name.split(separator: ".")
      let name = String(words.last ?? "")
      // `p.` stands for what the scan has joined to the row: its request.
      if words.count == 2, words[0] == "p" {
        parents.append((name, try value(field, schema.table(layout.requests), name, place)))
        continue
      }
      let value = try value(field, shape, name, place)
      if name == "ordinal", case .plain(.integer(let number)) = value { ordinal = " \(number)" }
      values.append((name, value))
    }
    for column in shape.columns where !values.contains(where: { $0.0 == column.name }) && !column.isNullable {
      values.append((column.name, .plain(RejectTables.standard(column.kind))))
    }
    for (name, value) in values where value.isNull {
      guard shape.columns.first(where: { $0.name == name })?.isNullable == true else {
        throw failed(place, "its field “\(name)” is null, and must have a value")
      }
    }
    return RejectList.Row(
      table: table, name: rejected.key + ordinal, values: values, parent: parent(values, parents))
  }

  /// Where the time of a row's request decides on the row, and was read with it.
  private func parent(
    _ values: [(String, RejectedValue)], _ parents: [(String, RejectedValue)]
  ) -> RejectList.Parent? {
    guard release.keysAreIntegers, parents.contains(where: { !$0.1.isNull }),
      case .plain(.integer(let key))? = values.first(where: { $0.0 == "request_id" })?.1
    else { return nil }
    return RejectList.Parent(key: key, values: parents)
  }

  private func table(of stream: String) -> String? {
    let name = stream.split(separator: "/").last ?? ""
    let words = name.split(separator: ".")
    switch words.first ?? "" {
    case "requests": return layout.requests
    case "sections": return layout.sections
    case "properties": return release.changesArePacked ? nil : "property_change"
    case "originals": return release.textsAreClean ? "original_value" : nil
    case "tasks" where !release.tasksAreDivided: return layout.tasks[0]
    case "tasks":
      return TaskKind.allCases.first { $0.name(in: .v8_2).map { words.last == $0[...] } == true }?.table(
        in: release)
    default: return nil
    }
  }

  private func value(
    _ field: RejectedRow.Field, _ shape: SchemaTable?, _ name: String, _ place: String
  ) throws -> RejectedValue {
    guard let column = shape?.columns.first(where: { $0.name == name }) else {
      throw failed(place, "\(shape?.name ?? "its table") has no column “\(name)”")
    }
    func wrong(_ form: String) -> AdministrationError { failed(place, "its field “\(field.name)” must be \(form)") }
    let hex = field.value["hex"]?.stringValue.flatMap { bytes(hexadecimal: $0) }
    switch (column.kind, field.value) {
    case (_, .null): return .plain(.null)
    case (.integer, .integer(let number)), (.medium, .integer(let number)), (.small, .integer(let number)):
      return .plain(.integer(number))
    case (.integer, _), (.medium, _), (.small, _): throw wrong("a whole number")
    case (.boolean, .bool(let truth)): return .plain(.boolean(truth))
    case (.boolean, _): throw wrong("true or false")
    case (.uuid, .string(let text)):
      guard let id = UniqueID(text) else { throw wrong("a UUID") }
      return .plain(.uuid(id))
    case (.uuid, _): throw wrong("a UUID")
    case (.timestamp, let value):
      if let text = value.stringValue, let time = Timestamp(rfc3339: text) { return .plain(.timestamp(time)) }
      guard let number = value["microseconds"]?.integerValue else {
        throw wrong("a time such as 2024-05-01T10:00:00Z")
      }
      return .plain(.timestamp(Timestamp(microseconds: number)))
    case (.text, .string(let text)): return .plain(.text(text))
    case (.text, _):
      guard let hex else { throw wrong("a text") }
      return .rawText(hex)
    case (.bytes, _):
      guard let hex else { throw wrong("{\"hex\": …}") }
      return .plain(.bytes(hex))
    }
  }

  /// What a column holds that the import does not read.
  private static func standard(_ kind: ColumnKind) -> SQLValue {
    switch kind {
    case .boolean: .boolean(false)
    case .small, .medium, .integer: .integer(0)
    case .text: .text("")
    case .bytes: .bytes([])
    case .uuid: .uuid(UniqueID(high: 0, low: 0))
    case .timestamp: .timestamp(Timestamp(microseconds: 0))
    }
  }

  private func failed(_ place: String, _ reason: String) -> AdministrationError {
    AdministrationError(
      .unusable, doing: "read \(place)", reason: reason, advice: "repair that line, or take it out")
  }
}
