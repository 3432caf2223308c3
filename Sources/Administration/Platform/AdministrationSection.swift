public import Base
public import Migration

/// The section `administration` of a platform file.
public struct AdministrationSection: Sendable {
  /// The histories to import from, in the order of the file.
  public let sources: [HistorySourceSettings]
  /// The new service's databases; nil while only sources are looked at.
  public let destination: DestinationSettings?
  public let backups: BackupSettings

  public init(sources: [HistorySourceSettings], destination: DestinationSettings?, backups: BackupSettings) {
    self.sources = sources
    self.destination = destination
    self.backups = backups
  }

  /// - Throws: ``JSONError`` that names the place.
  public init(_ node: JSONNode, folder: String) throws {
    let reader = PlatformReader(folder: folder)
    try node.refuseMembers(besides: ["sources", "destination", "backups"])
    let list = try node.required("sources")
    var sources: [HistorySourceSettings] = []
    for (key, source) in try list.members() {
      sources.append(
        HistorySourceSettings(name: try reader.name(key, at: source), kind: try SourceKind(source, reader)))
    }
    guard !sources.isEmpty else {
      throw list.error(.refusedValue, "no source is named", advice: "Name at least one source.")
    }
    self.sources = sources
    destination = try reader.member("destination", of: node).map { try DestinationSettings($0, reader) }
    backups =
      try reader.member("backups", of: node).map { try BackupSettings($0, reader) }
      ?? BackupSettings(
        folder: Paths.join(folder, BackupSettings.defaultFolder), key: nil, keep: BackupSettings.defaultKeep)
  }

  /// Which secrets the section refers to, by the names under which they are asked for: `source.NAME`,
  /// `destination`, `backups`.
  public var secrets: [String: SecretReference] {
    var secrets: [String: SecretReference] = [:]
    for source in sources { secrets[source.secretName] = source.kind.password }
    secrets[DestinationSettings.secretName] = destination?.password
    secrets[BackupSettings.secretName] = backups.key
    return secrets
  }
}

/// One history that can be imported, with the name that people know it by.
public struct HistorySourceSettings: Sendable, Equatable {
  public let name: String
  public let kind: SourceKind

  public init(name: String, kind: SourceKind) {
    self.name = name
    self.kind = kind
  }

  /// What its password is asked for by.
  public var secretName: String { "source.\(name)" }
}

/// Where the new service keeps what it knows.
public struct DestinationSettings: Sendable, Equatable {
  public static let secretName = "destination"

  public let configuration: String?
  public let history: String
  public let password: SecretReference?

  public init(configuration: String?, history: String, password: SecretReference? = nil) {
    self.configuration = configuration
    self.history = history
    self.password = password
  }

  init(_ node: JSONNode, _ reader: PlatformReader) throws {
    try node.refuseMembers(besides: ["configuration", "history", "password"])
    configuration = try reader.member("configuration", of: node).map {
      try reader.database($0, schemes: ["sqlite", "postgresql"])
    }
    history = try reader.database(node.required("history"), schemes: ["sqlite", "postgresql"])
    password = try reader.member("password", of: node).map { try SecretReference($0, reader) }
  }
}

/// Where backups go, how they are encrypted, and how many are kept.
public struct BackupSettings: Sendable, Equatable {
  public static let secretName = "backups"
  public static let defaultFolder = "backups"
  public static let defaultKeep = 3

  public let folder: String
  /// The passphrase that encrypts them; nil where none is configured.
  public let key: SecretReference?
  /// How many backups of each database are kept.
  public let keep: Int

  public init(folder: String, key: SecretReference?, keep: Int) {
    self.folder = folder
    self.key = key
    self.keep = keep
  }

  init(_ node: JSONNode, _ reader: PlatformReader) throws {
    try node.refuseMembers(besides: ["folder", "key", "keep"])
    folder =
      try reader.member("folder", of: node).map { try reader.path($0) }
      ?? Paths.join(reader.folder, BackupSettings.defaultFolder)
    key = try reader.member("key", of: node).map { try SecretReference($0, reader) }
    keep =
      try reader.member("keep", of: node).map { Int(try $0.integer(in: 1...1000)) } ?? BackupSettings.defaultKeep
  }
}
