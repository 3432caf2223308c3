internal import Administration
internal import Base
internal import Migration

extension KnownSystem {
  static let administration = KnownSystem(
    name: "administration", descriptions: [description(of: emptyHistoryImport)],
    secrets: { try AdministrationSection($0, folder: $1).secrets },
    parts: { [HistoryImport(try AdministrationSection($0, folder: $1.folder), in: $1)] })

  private static func description(of part: some MigrationPart) -> PartDescription {
    PartDescription(address: part.address, summary: part.summary, choices: part.choices)
  }

  /// The part of a platform in which there is nothing: it tells its name and choices before any file is read.
  private static var emptyHistoryImport: HistoryImport {
    struct NoSecrets: SecretProvider {
      func secret(for name: String) throws -> SecretBytes? { nil }
    }
    return HistoryImport(
      AdministrationSection(
        sources: [], destination: nil,
        backups: BackupSettings(folder: "", key: nil, keep: BackupSettings.defaultKeep)),
      in: Workplace(
        folder: "", clock: SystemClock(), program: "locktender \(programVersion)", secrets: NoSecrets()))
  }
}
