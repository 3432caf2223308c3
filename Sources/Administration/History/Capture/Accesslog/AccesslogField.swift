/// The attributes of an accesslog entry that are looked at (slapo-accesslog(5), "SCHEMA").
enum AccesslogField: CaseIterable, Sendable {
  case objectClass, start, end, type, session, authorization, object, result, message, objectID, modification, old
  case newRelativeName, newSuperior, newName
  /// What the entry says of itself, or what another field says too.
  case ignored

  var names: [String] {
    switch self {
    case .objectClass: ["objectclass"]
    case .start: ["reqstart"]
    case .end: ["reqend"]
    case .type: ["reqtype"]
    case .session: ["reqsession"]
    case .authorization: ["reqauthzid"]
    case .object: ["reqdn"]
    case .result: ["reqresult"]
    case .message: ["reqmessage"]
    case .objectID: ["reqentryuuid"]
    case .modification: ["reqmod"]
    case .old: ["reqold"]
    case .newRelativeName: ["reqnewrdn"]
    case .newSuperior: ["reqnewsuperior"]
    case .newName: ["reqnewdn"]
    case .ignored:
      [
        "structuralobjectclass", "entryuuid", "entrycsn", "creatorsname", "createtimestamp", "modifiersname",
        "modifytimestamp", "entrydn", "subschemasubentry", "hassubordinates", "cn", "mincsn", "contextcsn",
        "auditcontext", "reqdeleteoldrdn",
      ]
    }
  }

  /// Fields by the hash of their names.
  static let byHash: [UInt64: AccesslogField] = {
    var fields: [UInt64: AccesslogField] = [:]
    for field in allCases {
      for name in field.names {
        let bytes = Array(name.utf8)
        fields[AttributeIndex.hash(bytes.span)] = field
      }
    }
    return fields
  }()
}
