import Base
import TestSupport
import Testing

@testable import Migration

/// What only a browser can tell. Part of the extended tests: needs Chromium and `axe-playwright-python` (PyPI).
@Suite(.serialized)
struct BrowserTests {
  /// A Python that has axe and Playwright: `LOCKTENDER_AXE_PYTHON`, or the system's.
  private static func python() throws -> String {
    try requireOrSkipLoudly(program: "chromium")
    for candidate in [Environment.value(of: "LOCKTENDER_AXE_PYTHON"), Tool.path(of: "python3")].compactMap({ $0 }) {
      if try Tool.run(candidate, ["-c", "import axe_playwright_python, playwright"]).status == 0 {
        return candidate
      }
    }
    try skipLoudly(
      "axe is missing: pip install axe-playwright-python, and name that Python in LOCKTENDER_AXE_PYTHON")
  }

  /// One line a page, width and colour scheme: what axe objects to, what the console says, how far it runs over the
  /// side, and what was loaded beside the page.
  private static let script = """
    import sys
    from playwright.sync_api import sync_playwright
    from axe_playwright_python.sync_playwright import Axe
    with sync_playwright() as tools:
        browser = tools.chromium.launch(executable_path=sys.argv[1], args=["--no-sandbox"])
        for path in sys.argv[2:]:
            for scheme in ("light", "dark"):
                for width in (1280, 400):
                    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
                    said, loaded = [], []
                    page.on("console", lambda message: said.append(message.text))
                    page.on("request", lambda request: loaded.append(request.url))
                    page.goto("file://" + path)
                    found = [f"{v['id']}: {v['nodes'][0]['html']}" for v in Axe().run(page).response["violations"]]
                    over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
                    if over > 0: found.append(f"runs over the side by {over}")
                    if len(loaded) > 1: found.append(f"loads {loaded[1:]}")
                    print(path.split("/")[-1], scheme, width, found + said or "well")
                    page.close()
        browser.close()
    """

  @Test func `axe finds nothing on any page, wide and narrow, light and dark, and nothing is loaded`() throws {
    let python = try BrowserTests.python()
    let chromium = try Tool.required("chromium")
    let folder = try TestFolder()
    let paths = try PageTests.samples.sorted { $0.key < $1.key }.map { name, sample in
      try folder.write(PageTests.page(sample), to: "\(name).html")
    }
    let outcome = try Tool.run(python, ["-c", BrowserTests.script, chromium] + paths, atMost: .seconds(300))
    #expect(outcome.status == 0, "\(outcome.errorText)")
    let lines = outcome.text.split(separator: "\n")
    #expect(lines.count == paths.count * 4)
    for line in lines { #expect(line.hasSuffix(" well"), "\(line)") }
  }
}
