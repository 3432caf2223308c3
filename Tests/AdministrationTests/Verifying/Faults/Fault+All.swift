extension Fault {
  static let all: [Fault] = changedRequests + changedTimes + changedChildren + changedTexts + changedTasks

  private static let changedRequests = [
    Fault("a dropped request", requests: [103], "delete from change_request where id = Q(103)"),
    Fault(
      "a request that is there twice", requests: [101],
      """
      insert into change_request select \(otherID), \(allButID) from change_request where id = Q(101)
      """),
    Fault(
      "a state mapped to another", requests: [105], "update change_request set state = 'failed' where id = Q(105)"),
    Fault("a state of the old release", requests: [1], "update change_request set state = 'done' where id = Q(1)"),
    Fault("another operation", requests: [102], "update change_request set operation = 'delete' where id = Q(102)"),
    Fault("a lost object id", requests: [7], "update change_request set object_guid = null where id = Q(7)"),
    Fault(
      "initiator and account swapped", requests: [7],
      """
      update change_request set initiator = account_used, account_used = initiator where id = Q(7)
      """),
    Fault(
      "a name that is empty and was not", requests: [4], "update change_request set object_dn = '' where id = Q(4)"),
    Fault("a lost reason", requests: [1], "update change_request set reason = null where id = Q(1)"),
    Fault(
      "an empty reason that became none", requests: [24],
      """
      update change_request set reason = null where id = Q(24)
      """),
    Fault(
      "two source keys swapped", requests: [102, 103],
      """
      update change_request set source_key = case source_key
        when (select source_key from change_request where id = Q(102))
        then (select source_key from change_request where id = Q(103))
        else (select source_key from change_request where id = Q(102)) end
      where id in (Q(102), Q(103))
      """),
    Fault("a row of another import", requests: [104], "update change_request set import_id = 9 where id = Q(104)"),
    Fault(
      "a key that tells another time", requests: [8], tasks: [5],
      moved("8", to: "cast(zeroblob(6) || substr(Q(8), 7) as blob)")
    ),
    Fault(
      "a key of another version", requests: [8], tasks: [5],
      moved("8", to: "cast(substr(Q(8), 1, 6) || x'40' || substr(Q(8), 8) as blob)")),
  ]

  private static let changedTimes = [
    Fault(
      "another offset", requests: [7],
      """
      update change_request set requested_offset = requested_offset + 3600 where id = Q(7)
      """),
    Fault(
      "another instant", requests: [101],
      """
      update change_request set completed_at = completed_at + 3600000000 where id = Q(101)
      """),
    Fault(
      "the other reading of an hour that came twice", requests: [2],
      """
      update change_request set requested_at = requested_at + 3600000000, requested_offset = 3600 where id = Q(2)
      """),
    Fault(
      "lost decimals", requests: [7],
      """
      update change_request set requested_at = requested_at / 1000000 * 1000000 where id = Q(7)
      """),
    Fault(
      "a lost completion", requests: [101],
      """
      update change_request set completed_at = null, completed_offset = null where id = Q(101)
      """),
    Fault(
      "a missing or wrong mark of an ambiguous hour", requests: [3],
      """
      update change_request set ambiguous = 1 - ambiguous where id = Q(3)
      """),
    Fault(
      "another zone of the same offset", requests: [7],
      """
      update change_request set zone = 'Europe/Paris' where id = Q(7)
      """),
  ]

  private static let changedChildren = [
    Fault(
      "a dropped property", requests: [1], "delete from property_change where request_id = Q(1) and ordinal = 3"),
    Fault(
      "a property more", requests: [7],
      """
      insert into property_change select request_id, 9, name, old_value, new_value, import_id
      from property_change where request_id = Q(7)
      """),
    Fault(
      "old and new value swapped", requests: [101],
      """
      update property_change set old_value = new_value, new_value = old_value where request_id = Q(101)
      """),
    Fault(
      "two values of a property in another order", requests: [1],
      """
      update property_change set ordinal = case ordinal when 3 then 94 else 93 end
        where request_id = Q(1) and ordinal in (3, 4);
      update property_change set ordinal = ordinal - 90 where ordinal > 90
      """),
    Fault(
      "an absent value that became empty", requests: [1],
      """
      update property_change set old_value = '' where request_id = Q(1) and ordinal = 0
      """),
    Fault(
      "an empty value that became absent", requests: [1],
      """
      update property_change set old_value = null where request_id = Q(1) and ordinal = 2
      """),
    Fault(
      "an escape that was left in", requests: [1],
      """
      update property_change set old_value = 'a\\|b' where request_id = Q(1) and ordinal = 1
      """),
    Fault(
      "a property of another request", requests: [102, 103],
      """
      update property_change set request_id = Q(103), ordinal = 1 where request_id = Q(102)
      """),
    Fault(
      "a property that lost its request", requests: [102],
      """
      update property_change set request_id = cast(zeroblob(15) || x'01' as blob) where request_id = Q(102)
      """),
    Fault("a dropped section", requests: [104], "delete from request_section where request_id = Q(104)"),
    Fault(
      "a workflow that became a policy", requests: [102],
      """
      update request_section set kind = 'policy' where request_id = Q(102)
      """),
    Fault(
      "outcome and message swapped", requests: [1],
      """
      update request_section set outcome = message, message = outcome where request_id = Q(1) and ordinal = 0
      """),
  ]

  private static let changedTexts = [
    Fault("a lost original", requests: [1], "delete from original_value where field = 'object_dn'"),
    Fault(
      "another original", requests: [1],
      """
      update original_value set value = x'636E3D4DFE6C6C65722C64633D6578616D706C652C64633D6F7267' where field = 'object_dn'
      """),
    Fault(
      "an original of another place", requests: [1],
      """
      update original_value set ordinal = 5 where field = 'property.old_value'
      """),
    Fault(
      "an original that belongs to nothing", requests: [7],
      """
      insert into original_value values (Q(7), 0, 'host', x'FF', 7)
      """),
    Fault(
      "a readable form of something else", requests: [1],
      """
      update change_request set object_dn = 'cn=M' || char(65533) || 'ler,dc=example,dc=org' where id = Q(1)
      """),
    Fault(
      "bytes that are no text", requests: [101],
      """
      update change_request set host = cast(x'61FF' as text) where id = Q(101)
      """),
    Fault(
      "NUL in a text", requests: [1],
      """
      update request_section set message = cast(x'6100' as text) where request_id = Q(1) and ordinal = 0
      """),
  ]

  private static let changedTasks = [
    Fault("a task that is not held", tasks: [1], "update approval_task set state = 'open' where source_key = K(1)"),
    Fault(
      "a held task that no longer knows its state", tasks: [1],
      """
      delete from original_value where row_id = T(1) and field = 'state'
      """),
    Fault(
      "a running task that is remembered as open", tasks: [5],
      """
      update original_value set value = cast('open' as blob) where row_id = T(5)
      """),
    Fault(
      "a finished task that is held", tasks: [4],
      """
      update temporal_membership_task set state = 'held' where source_key = K(4);
      insert into original_value values (T(4), 0, 'state', cast('done' as blob), 7)
      """),
    Fault("a dropped task", tasks: [6], "delete from deprovisioning_task where source_key = K(6)"),
    Fault(
      "a task of another request", tasks: [8],
      """
      update temporal_membership_task set request_id = Q(7) where source_key = K(8)
      """),
    Fault(
      "a task that lost its request", tasks: [2],
      """
      update approval_task set request_id = null where source_key = K(2)
      """),
    Fault(
      "add instead of remove", tasks: [4],
      """
      update temporal_membership_task set action = 'add' where source_key = K(4)
      """),
    Fault(
      "member and group swapped", tasks: [8],
      """
      update temporal_membership_task set member = group_dn, group_dn = member where source_key = K(8)
      """),
    Fault(
      "actions in another order", tasks: [5],
      """
      update deprovisioning_task set actions = 'move\\\\to\\|ou' || char(10) || 'disable' || char(10) || 'log\\nout'
      where source_key = K(5)
      """),
    Fault(
      "a decision that is a comment", tasks: [7],
      """
      update approval_task set decision = comment, comment = decision where source_key = K(7)
      """),
    Fault(
      "a task due an hour later", tasks: [2],
      """
      update approval_task set due_at = due_at + 3600000000 where source_key = K(2)
      """),
    Fault(
      "a task that is never due", tasks: [4],
      """
      update temporal_membership_task set due_at = null, due_offset = null where source_key = K(4)
      """),
    Fault(
      "a source key that is none", tasks: [8],
      """
      update temporal_membership_task set source_key = '008' where source_key = K(8)
      """),
  ]

  /// A key of another row, with the time of the same instant.
  private static let otherID = "cast(substr(id, 1, 15) || x'00' as blob)"

  private static let allButID = """
    operation, object_guid, object_dn, object_class, initiator, account_used, host, requested_at, requested_offset,
    completed_at, completed_offset, zone, ambiguous, state, reason, import_id, source_key
    """

  /// Gives a request another key, with all that belongs to it.
  private static func moved(_ request: String, to id: String) -> String {
    """
    update property_change set request_id = \(id) where request_id = Q(\(request));
    update request_section set request_id = \(id) where request_id = Q(\(request));
    update change_request set id = \(id) where id = Q(\(request))
    """
  }
}
