/// The word that was probably meant: the nearest of the candidates, at most two slips away and a third of its
/// length; nil where none is near.
func suggestion(for word: String, among candidates: [String]) -> String? {
  let written = Array(word.lowercased().unicodeScalars)
  var best: (candidate: String, distance: Int)?
  for candidate in candidates {
    let meant = Array(candidate.lowercased().unicodeScalars)
    let distance = slips(from: written, to: meant)
    guard distance <= max(1, min(2, meant.count / 3)) || (written.count >= 3 && meant.starts(with: written))
    else { continue }
    if distance < best?.distance ?? .max { best = (candidate, distance) }
  }
  return best?.candidate
}

/// How many letters are missing, too many, wrong or exchanged with their neighbour (optimal string alignment).
private func slips(from written: [Unicode.Scalar], to meant: [Unicode.Scalar]) -> Int {
  if written.isEmpty { return meant.count }
  var beforeLast = [Int](repeating: 0, count: meant.count + 1)
  var last = Array(0...meant.count)
  for i in 1...written.count {
    var row = [Int](repeating: i, count: meant.count + 1)
    for j in stride(from: 1, through: meant.count, by: 1) {
      let change = last[j - 1] + (written[i - 1] == meant[j - 1] ? 0 : 1)
      row[j] = min(change, last[j] + 1, row[j - 1] + 1)
      if i > 1, j > 1, written[i - 1] == meant[j - 2], written[i - 2] == meant[j - 1] {
        row[j] = min(row[j], beforeLast[j - 2] + 1)
      }
    }
    (beforeLast, last) = (last, row)
  }
  return last[meant.count]
}

/// ` (did you mean --plan?)` where something is near, else nothing.
func didYouMean(_ word: String, among candidates: [String]) -> String {
  suggestion(for: word, among: candidates).map { " (did you mean \($0)?)" } ?? ""
}
