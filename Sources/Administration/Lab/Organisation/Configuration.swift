internal import Base
internal import Database

/// Writes the configuration half, as the organisation is at the end of the history.
struct Configuration {
  let schema: ReleaseSchema
  let organisation: Organisation
  let end: Timestamp
  let isReplicated: Bool
  /// How many rows each table got.
  private(set) var totals: [TableTotal] = []

  init(schema: ReleaseSchema, organisation: Organisation, end: Timestamp, isReplicated: Bool) {
    self.schema = schema
    self.organisation = organisation
    self.end = end
    self.isReplicated = isReplicated
  }

  /// People in the sense of the configuration that are none. The first two carry out requests, the others make
  /// them.
  static let serviceAccounts = TextPool([
    "CORP\\svc-admin", "CORP\\svc-admin2", "CORP\\svc-sync", "CORP\\svc-workflow", "CORP\\svc-hr-import",
  ])

  private static let addOns = [
    ("Office 365 Add-on", "7.0", true), ("Starling Connect", "1.3", true), ("SPML Provider", "6.9", false),
  ]

  mutating func write(to connection: Connection) throws(DatabaseError) {
    try writePeople(to: connection)
    try write("workflow", Names.workflows.enumerated().map { ($0.element, $0.offset != 8) }, to: connection)
    try write("policy", Names.policies.enumerated().map { ($0.element, $0.offset != 4) }, to: connection)
    var addOns = TableBuffer("add_on", of: schema)
    for (index, addOn) in Configuration.addOns.enumerated() {
      addOns.rows.beginRow()
      addOns.rows.append(Int64(index + 1))
      addOns.rows.append(addOn.0)
      addOns.rows.append(addOn.1)
      addOns.rows.append(addOn.2)
      addOns.endRow()
    }
    try addOns.flush(to: connection)
    totals.append(addOns.tableTotal)
    try writeServers(to: connection)
  }

  private mutating func writePeople(to connection: Connection) throws(DatabaseError) {
    var people = TableBuffer("person", of: schema)
    var text = [UInt8]()
    func append(_ write: (inout [UInt8]) -> Void) {
      text.removeAll(keepingCapacity: true)
      write(&text)
      people.append(text)
    }
    for person in 0..<organisation.people {
      people.rows.beginRow()
      people.rows.append(Int64(person + 1))
      people.rows.append(organisation.guid(person).description)
      append { organisation.appendAccount(person, to: &$0) }
      append { organisation.appendDN(person, to: &$0) }
      append { organisation.appendName(person, to: &$0) }
      people.rows.append(organisation.isDeleted(person))
      people.endRow()
      if people.isFull { try people.flush(to: connection) }
    }
    for service in 0..<Configuration.serviceAccounts.count {
      let account = Configuration.serviceAccounts.string(service)
      let name = String(account.dropFirst("CORP\\".count))
      people.rows.beginRow()
      people.rows.append(Int64(organisation.people + service + 1))
      people.rows.append(organisation.guid(3 << 32 + service).description)
      people.rows.append(account)
      people.rows.append("CN=\(name),OU=Service Accounts,DC=corp,DC=example")
      people.rows.append(name)
      people.rows.append(false)
      people.endRow()
    }
    try people.flush(to: connection)
    totals.append(people.tableTotal)
  }

  private mutating func write(
    _ table: String, _ rows: [(name: String, enabled: Bool)], to connection: Connection
  ) throws(DatabaseError) {
    var buffer = TableBuffer(table, of: schema)
    for (index, row) in rows.enumerated() {
      buffer.rows.beginRow()
      buffer.rows.append(Int64(index + 1))
      buffer.rows.append(row.name)
      buffer.rows.append(row.enabled)
      buffer.endRow()
    }
    try buffer.flush(to: connection)
    totals.append(buffer.tableTotal)
  }

  private mutating func writeServers(to connection: Connection) throws(DatabaseError) {
    var partners = TableBuffer("replication_partner", of: schema)
    if isReplicated {
      partners.rows.beginRow()
      partners.rows.append(Int64(1))
      partners.rows.append("sql02.vie.corp.example")
      partners.rows.append("subscriber")
      partners.endRow()
    }
    try partners.flush(to: connection)
    totals.append(partners.tableTotal)
    var instances = TableBuffer("service_instance", of: schema)
    var id: Int64 = 0
    for place in Places.all {
      for host in 0..<place.hosts.count {
        id += 1
        instances.rows.beginRow()
        instances.rows.append(id)
        instances.rows.append(place.hosts.string(host))
        instances.rows.append(schema.release.description)
        // A year ago for the last, as of a server that nobody has switched on since.
        let ago: Int64 = place.name == "Apia" ? 365 * 86_400_000_000 : id * 1_000_000
        instances.rows.append(Timestamp(microseconds: end.microseconds - ago))
        instances.endRow()
      }
    }
    try instances.flush(to: connection)
    totals.append(instances.tableTotal)
  }
}
