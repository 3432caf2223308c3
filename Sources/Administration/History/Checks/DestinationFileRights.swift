internal import Base
internal import Migration

/// Whether this user may write to the file of a destination, or make it where it is not there.
struct DestinationFileRights {
  let path: String

  func finding() throws -> Finding {
    var folder = Paths.folder(of: path)
    while try !Files.exists(folder), folder != "/" { folder = Paths.folder(of: folder) }
    let exists = try Files.exists(path)
    // Beside the file, the engine makes a log and this program a lock.
    for place in exists ? [path, folder] : [folder] where try !Files.mayWrite(place) {
      return Finding(
        "destination.rights", rule: "D9", .block, about: "destination",
        "this user may not write \(place == path ? "to \(place)" : "into the folder \(place)")",
        remedy: "give the user the right (ls -ld \(place)), or name another place as destination.history",
        onlyBeforeStart: false)
    }
    return Finding(
      "destination.rights", rule: "D9", .pass, about: "destination",
      exists ? "this user may write to \(path)" : "this user may make files in \(folder)", onlyBeforeStart: false)
  }
}
