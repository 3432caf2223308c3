internal import Administration
internal import Migration

extension KnownSystem {
  static let administration = KnownSystem(
    name: "administration", descriptions: [],
    secrets: { try AdministrationSection($0, folder: $1).secrets },
    parts: { _, _ in [] })
}
