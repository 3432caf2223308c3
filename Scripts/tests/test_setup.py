#!/usr/bin/env python3
"""The set-up, with the programs of Debian replaced by scripts that note how they were called."""

import os
import re
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
SCRIPTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
GROUPS = ("core", "bench", "extended")


def packages(group):
    with open(os.path.join(SCRIPTS, "packages", f"{group}.txt"), encoding="utf-8") as file:
        return [line for line in file.read().split("\n") if line and not line.startswith("#")]


class Lists(unittest.TestCase):
    def test_each_package_says_why(self):
        for group in GROUPS:
            for line in packages(group):
                self.assertRegex(line, r"^[a-z0-9][a-z0-9.+-]+ +# \S.*", group)

    def test_each_package_stands_once(self):
        names = [line.split()[0] for group in GROUPS for line in packages(group)]
        self.assertEqual(len(names), len(set(names)))


class Setup(unittest.TestCase):
    def run_setup(self, *groups, installed, user="1000", sudo=False):
        with tempfile.TemporaryDirectory() as folder:
            notes = os.path.join(folder, "notes")

            def program(name, script):
                with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
                    file.write(f"#!/bin/sh\n{script}\n")
                os.chmod(os.path.join(folder, name), 0o755)

            known = "|".join(installed) or "none"
            program(
                "dpkg-query",
                f'for name; do :; done; case "$name" in {known}) printf installed ;; *) exit 1 ;; esac')
            program("id", f"echo {user}")
            program("sudo", f'echo "sudo $*" >>{notes}; exit {0 if sudo else 1}')
            for name in ("apt-get", "flock", "unshare", "debconf-set-selections", "update-rc.d"):
                program(name, f'echo "{name} $*" >>{notes}')
            run = subprocess.run(
                [os.path.join(SCRIPTS, "setup"), *groups], capture_output=True, text=True,
                env={"PATH": f"{folder}:/usr/bin:/bin"})
            called = ""
            if os.path.exists(notes):
                with open(notes, encoding="utf-8") as file:
                    called = file.read()
            return run, called

    def test_nothing_is_done_where_all_is_there(self):
        names = [line.split()[0] for line in packages("core")]
        run, called = self.run_setup(installed=names)
        self.assertEqual((run.returncode, run.stderr, called), (0, "", ""))

    def test_who_may_not_install_is_told_what_is_missing_and_what_to_type(self):
        names = [line.split()[0] for line in packages("core") if not re.match(r"(slapd|sqlite3) ", line)]
        run, called = self.run_setup("core", installed=names)
        self.assertEqual(run.returncode, 1)
        self.assertIn("  slapd\n", run.stderr)
        self.assertIn("apt-get update && apt-get install --no-install-recommends slapd sqlite3", run.stderr)
        self.assertNotIn("postgresql", run.stderr)
        self.assertNotIn("apt-get", called)

    def test_sudo_is_used_where_it_asks_nothing(self):
        run, called = self.run_setup("core", installed=[], sudo=True)
        self.assertEqual(run.returncode, 0)
        self.assertRegex(called, r"sudo -n env .* flock .*/setup core")

    def test_an_unknown_group_is_refused(self):
        run, called = self.run_setup("cores", installed=[])
        self.assertEqual((run.returncode, called), (2, ""))
        self.assertIn("no such group: cores", run.stderr)


if __name__ == "__main__":
    unittest.main()
