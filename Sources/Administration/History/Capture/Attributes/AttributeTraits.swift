/// What is known of a directory attribute by its name alone.
struct AttributeTraits: OptionSet, Sendable {
  let rawValue: UInt8

  /// Its values are secrets, or open one: they are never stored.
  static let secret = AttributeTraits(rawValue: 1)
  /// A secret that a person or service logs in with: a request that changes nothing else resets a password.
  static let password = AttributeTraits(rawValue: 2)
  /// Directories change it by themselves when a password is set.
  static let passwordCompanion = AttributeTraits(rawValue: 4)
  /// The directory keeps it for itself, and it says nothing that the record does not say elsewhere: left out.
  static let bookkeeping = AttributeTraits(rawValue: 8)
  /// Its values are the members of a group.
  static let membership = AttributeTraits(rawValue: 16)
}

/// The one table of attributes that are not treated as others are; docs/sources.md explains it.
enum AttributeTable {
  /// What stands in place of a secret.
  static let mask = "(secret, not kept)"

  /// In lower case, without options such as `;binary`.
  static let names: [(traits: AttributeTraits, names: [String])] = [
    (
      [.secret, .password],
      [
        "userpassword", "2.5.4.35", "unicodepwd", "dbcspwd", "cleartextpassword", "supplementalcredentials",
        "sambantpassword", "sambalmpassword", "sambacleartextpassword", "krbprincipalkey", "krb5key",
        "authpassword", "ipanthash",
      ]
    ),
    (
      [.secret, .passwordCompanion],
      [
        "ntpwdhistory", "lmpwdhistory", "pwdhistory", "passwordhistory", "sambapasswordhistory", "krbpwdhistory",
        "sambapreviouscleartextpassword",
      ]
    ),
    (
      [.secret],
      [
        "krbmkey", "krbextradata", "olcrootpw", "olcdbbindpw", "trustauthincoming", "trustauthoutgoing",
        "initialauthincoming", "initialauthoutgoing", "currentvalue", "priorvalue", "ms-mcs-admpwd",
        "mslaps-password", "mslaps-encryptedpassword", "mslaps-encryptedpasswordhistory",
        "mslaps-encrypteddsrmpassword", "mslaps-encrypteddsrmpasswordhistory", "msds-managedpassword",
        "msds-executescriptpassword", "msfve-recoverypassword", "msfve-keypackage", "mskds-rootkeydata", "peklist",
        "userpkcs12", "2.16.840.1.113730.3.1.216", "nsds5replicacredentials", "nsmultiplexorcredentials",
        "nsslapd-rootpw", "ipatokenotpkey", "ipatokenradiussecret", "oathsecret", "oathhotptoken", "oathtotptoken",
        "radiussharedsecret",
      ]
    ),
    (
      [.passwordCompanion],
      [
        "pwdchangedtime", "pwdreset", "pwdfailuretime", "pwdgraceusetime", "pwdaccountlockedtime", "pwdlastset",
        "sambapwdlastset", "sambapwdmustchange", "sambapwdcanchange", "shadowlastchange", "krblastpwdchange",
        "krbpasswordexpiration", "krbloginfailedcount", "passwordexpirationtime", "lockouttime", "badpwdcount",
      ]
    ),
    (
      [.bookkeeping],
      [
        "entrycsn", "entryuuid", "structuralobjectclass", "creatorsname", "createtimestamp", "modifiersname",
        "modifytimestamp", "contextcsn", "entrydn", "subschemasubentry", "hassubordinates", "whencreated",
        "whenchanged", "usncreated", "usnchanged", "replpropertymetadata",
      ]
    ),
    ([.membership], ["member", "uniquemember", "memberuid"]),
  ]
}

/// Finds the traits of an attribute by the bytes of its name.
struct AttributeIndex: Sendable {
  private struct Entry {
    let name: [UInt8]
    let traits: AttributeTraits
  }

  private let entries: [UInt64: Entry]

  init() {
    var entries: [UInt64: Entry] = [:]
    for (traits, names) in AttributeTable.names {
      for name in names {
        let bytes = Array(name.utf8)
        entries[AttributeIndex.hash(bytes.span)] = Entry(name: bytes, traits: traits)
      }
    }
    self.entries = entries
  }

  /// - Parameter name: with or without options, in any case.
  func traits(of name: Span<UInt8>) -> AttributeTraits {
    guard let entry = entries[AttributeIndex.hash(name)] else { return [] }
    // The hash only finds the place: another name may share it.
    guard name.count >= entry.name.count else { return [] }
    for index in entry.name.indices where AttributeIndex.lowered(name[index]) != entry.name[index] { return [] }
    return entry.traits
  }

  /// FNV-1a over the name in lower case, up to its options.
  static func hash(_ name: Span<UInt8>) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    var index = 0
    while index < name.count, name[index] != UInt8(ascii: ";") {
      hash = (hash ^ UInt64(lowered(name[index]))) &* 0x100_0000_01b3
      index += 1
    }
    return hash
  }

  @inline(__always)
  static func lowered(_ byte: UInt8) -> UInt8 { byte >= 65 && byte <= 90 ? byte | 0x20 : byte }
}
