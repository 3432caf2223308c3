internal import Base
internal import Database
internal import Glibc
nonisolated(unsafe) private var current = ""
struct TimeZoneRules {
  let name: String
  init(named: String) throws { name = named }
  func offset(at t: Timestamp) -> Int {
    if unsafe (current != name) { unsafe setenv("TZ", name, 1); tzset(); unsafe current = name }
    var s = time_t(t.microseconds / 1_000_000)
    var out = unsafe tm()
    unsafe localtime_r(&s, &out)
    return unsafe Int(out.tm_gmtoff)
  }
}
extension Connection {
  func tables() throws(DatabaseError) -> [TableName] { [] }
}
