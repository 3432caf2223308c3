internal import Base

/// The members of an audit record that are looked at, found in one go: looking for each by its name would go through
/// the record a dozen times.
struct AuditBody {
  var statusCode: Int64?
  var eventID: Int64?
  var isSystem = false
  var status: String?
  var operation: String?
  var action: String?
  var name: String?
  var newName: String?
  var group: String?
  var user: String?
  var initiator: String?
  var address: String?
  var transaction: String?
  var session: String?
  var attributes: JSONValue?

  init(_ object: JSONObject) {
    for member in object.members {
      let key = member.key
      // Told apart by their lengths first, which costs nothing.
      switch key.utf8.count {
      case 2 where key == "dn": name = member.value.stringValue
      case 4 where key == "user": user = member.value.stringValue
      case 5 where key == "newDn": newName = member.value.stringValue
      case 5 where key == "group": group = member.value.stringValue
      case 6 where key == "status": status = member.value.stringValue
      case 6 where key == "action": action = member.value.stringValue
      case 7 where key == "userSid": initiator = member.value.stringValue
      case 7 where key == "eventId": eventID = member.value.integerValue
      case 9 where key == "sessionId": session = member.value.stringValue
      case 9 where key == "operation": operation = member.value.stringValue
      case 10 where key == "statusCode": statusCode = member.value.integerValue
      case 10 where key == "attributes": attributes = member.value
      case 13 where key == "transactionId": transaction = member.value.stringValue
      case 13 where key == "remoteAddress": address = member.value.stringValue
      case 17 where key == "performedAsSystem": isSystem = member.value.boolValue ?? false
      default: break
      }
    }
  }
}
