internal import Base
internal import Database
internal import Transfer

/// Who is read where requests, properties and tasks stand in tables of their own: a source of 8.1 or 8.2, or the
/// destination of an import.
struct DividedSide: Sendable {
  enum Role: Sendable {
    case source(ComparisonScope)
    /// The rows of one import, whose source has keys of the given kind.
    case destination(importID: Int64, keyKind: Key.Kind)
  }

  let layout: SourceLayout
  let role: Role

  static func source(_ layout: SourceLayout, _ scope: ComparisonScope) -> DividedSide {
    DividedSide(layout: layout, role: .source(scope))
  }

  static func destination(importID: Int64, _ keyKind: Key.Kind) -> DividedSide {
    DividedSide(layout: .release82, role: .destination(importID: importID, keyKind: keyKind))
  }

  var scope: ComparisonScope? {
    if case .source(let scope) = role { scope } else { nil }
  }

  var isDestination: Bool { scope == nil }

  var keyKind: Key.Kind {
    if case .destination(_, let kind) = role { kind } else { .uuid }
  }

  /// The condition that a row belongs to what is compared.
  func condition(_ alias: String) -> SQL {
    guard case .destination(let importID, _) = role else { return "1 = 1" }
    return "\(unsafeSQL: alias).import_id = \(importID)"
  }

  /// Where original bytes of repaired texts stand.
  var hasOriginals: Bool { layout == .release82 }
  var requestStates: Terms { layout == .release82 ? .requestStates : .oldRequestStates }
  var taskStates: Terms { layout == .release82 ? .taskStates : .oldTaskStates }

  /// What only 8.2 has, or something of the same type in its place.
  func column(_ name: String, else replacement: String) -> String {
    layout == .release82 ? name : replacement
  }

  /// The source's key of a row: what stands in `source_key`, or the row's own.
  func key(_ id: UniqueID, _ sourceKey: RawSpan) -> Key? {
    isDestination ? SourceKey.read(sourceKey, keyKind) : .uuid(id)
  }

  /// Has PostgreSQL read an index in its order where the order of the rows matters: sorting a whole table would
  /// need as much space again.
  func prepare(_ connection: Connection) throws {
    if connection.engine == .postgresql { try connection.execute("set enable_sort = off") }
  }
}
