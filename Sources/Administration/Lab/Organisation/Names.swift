/// The names that the lab's organisation draws from, in the scripts that real directories hold.
enum Names {
  /// Given and family names of one script.
  final class Script: Sendable {
    let given: TextPool
    let family: TextPool
    /// Family name first, as in Hungarian, Chinese, Japanese and Korean.
    let familyFirst: Bool

    init(_ given: String, _ family: String, familyFirst: Bool = false) {
      self.given = TextPool(list: given)
      self.family = TextPool(list: family)
      self.familyFirst = familyFirst
    }
  }

  /// Script 0 is plain ASCII; accounts are made from its names.
  static let scripts: [Script] = [
    Script(
      """
      Anna, Ben, Clara, David, Emma, Felix, Grace, Hannah, Ian, Julia, Kevin, Laura, Martin, Nina, Oliver, Paula,
      Quentin, Rachel, Simon, Theresa, Ursula, Victor, Wendy, Xavier, Yvonne, Zachary, Amit, Bella, Carlos, Deepa
      """,
      """
      Adams, Bauer, Clark, Davis, Evans, Fischer, Gruber, Huber, Ingram, Jones, Keller, Lang, Moser, Novak, Owens,
      Pichler, Quinn, Reiter, Smith, Taylor, Unger, Vogel, Wagner, Young, Zimmer, Patel, Singh, Sharma, Tuala, Leavai,
      Brown, Cooper, Dunn, Egger, Fuchs, Graham, Hofer, Iyer, Jensen, Kumar, Lehner, Mayer, Nelson, Ortner, Parker
      """),
    Script(
      "Zoë, André, Søren, Łucja, Jürgen, Ñusta, Çağla, Þóra, Björn, Françoise, Jiří, Ágnes",
      "Müller, Strauß, Øster, Dvořák, Núñez, Şahin, Wałęsa, Guðmundsdóttir, Fältskog, Lefèvre, Szőke, Ångström"),
    // Decomposed: base letters with combining marks, as some file systems and clients write them.
    Script(
      "Zoe\u{308}, Andre\u{301}, Ju\u{308}rgen, Bjo\u{308}rn, Franc\u{327}oise",
      "Mu\u{308}ller, Dvor\u{30C}a\u{301}k, Nu\u{301}n\u{303}ez, Fa\u{308}ltskog, A\u{30A}ngstro\u{308}m"),
    Script(
      "Дмитрий, Ольга, Сергей, Наталья, Єва, Ђорђе", "Иванов, Кузнецова, Шевченко, Петровић, Йорданов, Щербак"),
    Script("Ελένη, Γιώργος, Σοφία, Νίκος", "Παπαδόπουλος, Αγγελίδης, Οικονόμου, Χατζής"),
    Script("明, 美咲, 지훈, 秀英, 𠮷子", "王, 田中, 김, 李, 𠮷野, 佐々木", familyFirst: true),
    Script("محمد, فاطمة, ليلى, یاسمین", "العلي, حداد, منصور, رضایی"),
    Script("נועה, דוד, שירה", "כהן, לוי, פרידמן"),
    Script("अनन्या, राहुल, สมชาย, ප්‍රියා", "अग्रवाल, शर्मा, ใจดี, பிள்ளை"),
  ]

  /// Which script a person's name is in; most are plain.
  static let scriptMix = Quantiles(weights: [
    (0, 80), (1, 9), (2, 1), (3, 3), (4, 1), (5, 2), (6, 2), (7, 1), (8, 1),
  ])

  static let departments = TextPool(
    list: """
      Finance, Sales, Research, Büro der Geschäftsführung, Production, Legal, Human Resources, IT, Logistics,
      Procurement, Quality, Marketing, Compliance, Facility, Training, Service Desk
      """)

  static let titles = TextPool(
    list: """
      Analyst, Engineer, Senior Engineer, Head of Department, Assistant, Controller, Buyer, Specialist, Team Lead,
      Trainee, Vice President, Sachbearbeiterin, Geschäftsführer, Chargé de mission, Consultant, Auditor
      """)

  static let streets = TextPool(
    list: """
      Mariahilfer Straße, Ringstraße, Broadway, Fifth Avenue, Park Lane, Beach Road, MG Road, Lagoon Road,
      Industriestraße, Hauptplatz, Elm Street, Ned's Beach Road
      """)

  static let properties = TextPool(
    list: """
      title, department, telephoneNumber, mobile, physicalDeliveryOfficeName, manager, description, streetAddress,
      l, postalCode, company, displayName, info, homeDirectory, proxyAddresses, extensionAttribute1,
      accountExpires, thumbnailPhoto, employeeID, otherTelephone
      """)

  static let workflows: [String] = [
    "Onboarding", "Change approval", "Group membership approval", "Deprovisioning", "Contractor extension",
    "Mailbox provisioning", "Licence assignment", "Périodique: revue des accès", "Nachtlauf", "Home folder",
    "Update Services To Execute On", "Audit notification",
  ]

  static let policies: [String] = [
    "User logon name generation", "Property generation and validation", "Home folder autoprovisioning",
    "Group membership autoprovisioning", "Script: check naming", "User account deprovisioning",
    "Group deprovisioning", "Licence reclaim", "Mailbox retention", "Default creation options",
  ]

  /// Policies of the list above by which accounts are deprovisioned.
  static let deprovisioningPolicies = [5, 6, 7, 8]
}
