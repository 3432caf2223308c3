import Base
import Testing

@Suite struct SchemaTests {
  /// Validates files by python3-jsonschema, which shares nothing with our reader.
  ///
  /// JSON Schema knows no JSON5, so each file is written as plain JSON first.
  /// - Returns: the names of the files that it accepts.
  private func accepted(_ files: [String]) throws -> Set<String> {
    let folder = try TemporaryFolder()
    for (index, file) in files.enumerated() {
      let value = try JSONTree(reading: file, dialect: .json5).value()
      try Files.write(value.compact(), to: folder.path("\(index).json"))
    }
    let script = """
      import json, sys, jsonschema
      schema = json.load(open(sys.argv[1]))
      jsonschema.Draft7Validator.check_schema(schema)
      validator = jsonschema.Draft7Validator(schema)
      for index in range(int(sys.argv[3])):
        if validator.is_valid(json.load(open(f"{sys.argv[2]}/{index}.json"))): print(index)
      """
    let result = try run(
      "/usr/bin/python3",
      ["-c", script, Paths.join(Fixtures.root, "docs/platform.schema.json"), folder.path(""), String(files.count)])
    #expect(result.errors == "")
    return Set(result.output.split(separator: "\n").map { files[Int($0) ?? 0] })
  }

  @Test func `the published schema accepts and refuses what the reader does`() throws {
    let files = PlatformCorpus.files("good") + PlatformCorpus.files("bad")
    let accepted = try accepted(files)
    for file in files {
      // Whether it throws is what is asked; why is asked in another test.
      let isRead = (try? PlatformCorpus.read(file)) != nil
      #expect(accepted.contains(file) == isRead, "\(file)")
    }
  }
}
