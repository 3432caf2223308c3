/// A site of the lab's organisation: its zone, its servers and how much of the work is done there.
final class Place: Sendable {
  let name: String
  let zone: String
  /// Share of the requests in percent.
  let share: Int
  let hosts: TextPool
  let city: String
  let dialling: TextPool

  init(name: String, zone: String, share: Int, hosts: String, city: String, dialling: String) {
    self.name = name
    self.zone = zone
    self.share = share
    self.hosts = TextPool(list: hosts)
    self.city = city
    self.dialling = TextPool([dialling])
  }
}

/// The sites. Their zones have half-hour shifts, none at all, and one that left out a whole day (Apia, 2011-12-30).
enum Places {
  static let all: [Place] = [
    Place(
      name: "Vienna", zone: "Europe/Vienna", share: 45,
      hosts: "adm01.vie.corp.example, adm02.vie.corp.example, web01.vie.corp.example",
      city: "Wien", dialling: "+43 1"),
    Place(
      name: "New York", zone: "America/New_York", share: 25,
      hosts: "adm01.nyc.corp.example, web01.nyc.corp.example",
      city: "New York", dialling: "+1 212"),
    Place(
      name: "Kolkata", zone: "Asia/Kolkata", share: 15,
      hosts: "adm01.ccu.corp.example", city: "Kolkata", dialling: "+91 33"),
    Place(
      name: "Lord Howe", zone: "Australia/Lord_Howe", share: 8,
      hosts: "adm01.ldh.corp.example", city: "Lord Howe Island", dialling: "+61 2"),
    Place(
      name: "Apia", zone: "Pacific/Apia", share: 7,
      hosts: "adm01.apw.corp.example", city: "Apia", dialling: "+685"),
  ]

  /// The index of a site, by its share.
  static let mix = Quantiles(weights: all.enumerated().map { ($0.offset, $0.element.share) })

  static let zones = TextPool(all.map(\.zone))
  static let cities = TextPool(all.map(\.city))
  static let names = TextPool(all.map(\.name))
}
