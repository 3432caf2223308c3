#!/usr/bin/env python3
"""The check of the tests that docs/rules.md names: it can fail."""

import os
import subprocess
import sys
import tempfile
import unittest

SCRIPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "check-rules")


class Rules(unittest.TestCase):
    def check(self, page):
        with tempfile.TemporaryDirectory() as root:
            os.makedirs(os.path.join(root, "docs"))
            os.makedirs(os.path.join(root, "Tests", "SomeTests"))
            with open(os.path.join(root, "docs", "rules.md"), "w", encoding="utf-8") as file:
                file.write(page)
            with open(os.path.join(root, "Tests", "SomeTests", "A.swift"), "w", encoding="utf-8") as file:
                file.write("struct OddTests {\n  @Test func `it holds`() {}\n}\n")
            run = subprocess.run(
                [sys.executable, SCRIPT, "--root", root], stdout=subprocess.PIPE, text=True, check=False)
            return run.returncode, run.stdout

    def test_names_that_are_there(self):
        self.assertEqual(self.check("| D1 | by `code` | met | `it holds`, `OddTests` and `SomeTests` |\n"), (0, ""))

    def test_a_name_that_is_not(self):
        code, output = self.check("text\n| D1 | how | met | `it holds`, `it held` |\n")
        self.assertEqual(code, 1)
        self.assertEqual(output, "docs/rules.md:2: no test is called `it held`\n")


if __name__ == "__main__":
    unittest.main()
