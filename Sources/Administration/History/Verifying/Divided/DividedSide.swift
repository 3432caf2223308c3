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
  /// What was asked of a source; nil for a destination.
  let scope: ComparisonScope?
  /// The import whose rows are read in a destination.
  private let importID: Int64
  /// Of the keys that facts have.
  let keyKind: Key.Kind
  let isDestination: Bool
  /// Whether properties or sections may have been rejected on their own.
  let hasRejectedChildren: Bool
  /// Whether rows that have lost their request are compared.
  let takesOrphans: Bool

  static func source(_ layout: SourceLayout, _ scope: ComparisonScope) -> DividedSide {
    DividedSide(layout, scope, importID: 0, .uuid)
  }

  /// The rows of one import, whose source has keys of the given kind.
  static func destination(importID: Int64, _ keyKind: Key.Kind) -> DividedSide {
    DividedSide(.release82, nil, importID: importID, keyKind)
  }

  private init(_ layout: SourceLayout, _ scope: ComparisonScope?, importID: Int64, _ keyKind: Key.Kind) {
    self.layout = layout
    self.scope = scope
    self.importID = importID
    self.keyKind = keyKind
    isDestination = scope == nil
    hasRejectedChildren =
      scope.map { !($0.rejected.properties.isEmpty && $0.rejected.dividedSections.isEmpty) } ?? false
    takesOrphans = scope?.includesOrphans ?? true
  }

  /// The condition that a row belongs to what is compared.
  func condition(_ alias: String) -> SQL {
    isDestination ? "\(unsafeSQL: alias).import_id = \(importID)" : "1 = 1"
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
