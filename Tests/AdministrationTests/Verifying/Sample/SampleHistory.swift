import Administration
import Base

/// A time, written down by hand in all its forms.
struct SampleTime {
  /// As a clock in the row's zone showed it.
  let local: String
  let utc: String
  /// Seconds east of UTC.
  let offset: Int64
  var fold: Int64 = 0
  /// The other reading of an hour that came twice: always the first one.
  var first: (utc: String, offset: Int64)?
  var isAmbiguous = false

  init(
    _ local: String, _ utc: String, _ offset: Int64, fold: Int64 = 0, first: (utc: String, offset: Int64)? = nil,
    isAmbiguous: Bool = false
  ) {
    self.local = local
    self.utc = utc
    self.offset = offset
    self.fold = fold
    self.first = first
    self.isAmbiguous = isAmbiguous
  }

  var instant: Timestamp { Timestamp(rfc3339: utc)! }

  /// What an import from a release must take it for.
  func imported(from release: Release) -> (instant: Timestamp, offset: Int64) {
    if release == .v7_5, let first { return (Timestamp(rfc3339: first.utc)!, first.offset) }
    return (instant, offset)
  }
}

struct SampleProperty {
  let name: [UInt8]
  let old: [UInt8]?
  let new: [UInt8]?

  init(_ name: String, _ old: String?, _ new: String?) {
    self.init(Array(name.utf8), old.map { Array($0.utf8) }, new.map { Array($0.utf8) })
  }

  init(_ name: [UInt8], _ old: [UInt8]?, _ new: [UInt8]?) {
    self.name = name
    self.old = old
    self.new = new
  }
}

struct SampleSection {
  /// 1 workflow, 2 policy.
  let kind: Int
  let name: [UInt8]
  let outcome: [UInt8]?
  let message: [UInt8]?

  init(_ kind: Int, _ name: String, _ outcome: String?, _ message: [UInt8]?) {
    self.kind = kind
    self.name = Array(name.utf8)
    self.outcome = outcome.map { Array($0.utf8) }
    self.message = message
  }

  init(_ kind: Int, _ name: String, _ outcome: String?, _ message: String?) {
    self.init(kind, name, outcome, message.map { Array($0.utf8) })
  }
}

struct SampleRequest {
  let key: Int64
  var operation = 2
  var guid: String? = "3f2504e0-4f89-41d3-9a0c-0305e82c3301"
  var dn: [UInt8] = Array("cn=Ada,ou=People,dc=example,dc=org".utf8)
  var objectClass: [UInt8] = Array("user".utf8)
  var initiator: [UInt8] = Array("EXAMPLE\\grace".utf8)
  var account: [UInt8] = Array("EXAMPLE\\service".utf8)
  var host: [UInt8] = Array("adm1.example.org".utf8)
  var submitted: SampleTime
  var completed: SampleTime?
  var zone = "Europe/Berlin"
  var status = 3
  var reason: [UInt8]?
  var properties: [SampleProperty] = []
  var sections: [SampleSection] = []
  /// Left out of the table of requests, while what belongs to it stays.
  var isLost = false
}

struct SampleTask {
  enum Kind {
    case approval(decision: String?, comment: String?)
    case membership(action: String)
    case deprovisioning([String])

    var code: Int {
      switch self {
      case .approval: 1
      case .membership: 2
      case .deprovisioning: 3
      }
    }
  }

  let key: Int64
  var request: Int64?
  let kind: Kind
  /// 0 open, 1 done, 2 cancelled, 3 running.
  var status: Int
  var subject: [UInt8] = Array("cn=Ada,ou=People,dc=example,dc=org".utf8)
  var party: [UInt8] = Array("cn=Grace,ou=People,dc=example,dc=org".utf8)
  var due: SampleTime?
  var zone = "Europe/Berlin"

  var isUnfinished: Bool { status == 0 || status == 3 }
}

struct SampleHistory {
  var requests: [SampleRequest]
  var tasks: [SampleTask]

  func request(_ key: Int64?) -> SampleRequest? { requests.first { $0.key == key } }
}
