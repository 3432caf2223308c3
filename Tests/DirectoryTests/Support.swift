import Directory
import Glibc
import Subprocess

/// The code of what a call throws; nil when it does not throw.
func failure(_ body: () throws(DirectoryError) -> Void) -> DirectoryError.Code? {
  do {
    try body()
    return nil
  } catch {
    return error.code
  }
}

/// An entry as tests compare it.
struct PlainEntry: Equatable {
  var name: String
  var values: [[String]]

  init(_ name: String, _ values: [[String]]) {
    self.name = name
    self.values = values
  }

  init(_ entry: borrowing DirectoryEntry) {
    name = entry.name
    values = []
    for index in 0..<entry.count {
      let attribute = entry.attribute(index)
      let value = entry.value(index)
      values.append([
        String(decoding: attribute.indices.map { attribute[$0] }, as: UTF8.self),
        String(decoding: value.indices.map { value[$0] }, as: UTF8.self),
      ])
    }
  }
}

/// A folder of its own.
func temporaryFolder() throws -> String {
  try Command("mktemp", ["-d", "/tmp/locktender-test-XXXXXX"]).run().requireSuccess().text
    .split(separator: "\n").first.map(String.init) ?? ""
}

func remove(_ folder: String) throws { try Command("rm", ["-rf", folder]).run().requireSuccess() }

func write(_ text: String, to path: String) throws {
  try Command("tee", [path]).run(input: Array(text.utf8).span).requireSuccess()
}

/// `../shared` beside the checkout, or the folder that LOCKTENDER_SHARED names.
let sharedFolder: String = {
  if let shared = unsafe getenv("LOCKTENDER_SHARED") { return unsafe String(cString: shared) }
  return "/" + #filePath.split(separator: "/").dropLast(4).joined(separator: "/") + "/shared"
}()
