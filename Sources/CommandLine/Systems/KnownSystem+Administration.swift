internal import Administration
internal import Migration

extension KnownSystem {
  static let administration = KnownSystem(
    name: "administration",
    descriptions: [
      PartDescription(
        address: HistoryImport.address, summary: HistoryImport.summary, choices: HistoryImport.choices)
    ],
    secrets: { try AdministrationSection($0, folder: $1).secrets },
    parts: { [HistoryImport(try AdministrationSection($0, folder: $1.folder), in: $1)] })
}
