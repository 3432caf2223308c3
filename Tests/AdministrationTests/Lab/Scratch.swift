import Administration
import Base
import Database
import Testing
import Glibc

@Test func `scratch`() async throws {
  let n = unsafe Int(String(cString: getenv("LABN")))!
  let v = unsafe Release(String(cString: getenv("LABV")))!
  let f = unsafe String(cString: getenv("LABF"))
  let start = SystemClock().now()
  let m: LabManifest
  do { m = try await Lab.create(LabOptions(folder: f, release: v, history: n)) } catch { print(explain(error)); throw error }
  let t = SystemClock().now().seconds(since: start)
  let rows = m.databases.flatMap { $0.tables.map(\.rows) }.reduce(0, +)
  print("LAB", v, t, "s", Double(n) / t, "requests/s", Double(rows) / t, "rows/s", rows)
}
