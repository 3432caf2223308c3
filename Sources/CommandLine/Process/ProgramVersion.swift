/// The program's version, as plans, reports and the manual carry it.
public let programVersion = "0.1.0"

/// The day of that version, as mdoc writes days.
let programDate = "November 20, 2026"
