#!/usr/bin/env python3
"""The frame of the benchmarks: ratios, verdicts, and the section that it writes."""

import importlib.machinery
import importlib.util
import json
import os
import sys
import unittest

sys.dont_write_bytecode = True
PATH = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "bench")
LOADER = importlib.machinery.SourceFileLoader("bench", PATH)
bench = importlib.util.module_from_spec(importlib.util.spec_from_loader("bench", LOADER))
LOADER.exec_module(bench)


def row(**record):
    return bench.figure(json.dumps({"work": "copy", "unit": "× peer", **record}))


class Figures(unittest.TestCase):
    def test_seconds_and_rates_turn_opposite_ways(self):
        self.assertEqual(row(ours=2, peer=[3, 4, 50], better="lower", asked=1.5)[1:4],
                         ("2 × peer (2 against 4 s)", "≥ 1.5 × peer", "reached"))
        self.assertEqual(row(ours=2, peer=4, better="higher", asked=1)[3], "short")

    def test_limits(self):
        self.assertEqual(row(measured=151, unit="MB", asked=150, sense="at most")[1:4],
                         ("151 MB", "≤ 150 MB", "short"))
        self.assertEqual(row(measured=150, unit="MB", asked=150, sense="at most")[3], "reached")
        self.assertEqual(row(measured=1.2)[2:4], ("", "told"))

    def test_what_is_no_figure_is_refused(self):
        for line in ("text", "{}", '{"work": "a", "unit": "b"}', '{"work": "a", "unit": "b", "ours": 0, "peer": 1, '
                     '"better": "lower"}'):
            with self.assertRaises(bench.Broken, msg=line):
                bench.figure(line)
        with self.assertRaises(bench.Broken):
            row(measured=1, asked=1, sense="about")


class Page(unittest.TestCase):
    def test_only_what_stands_between_the_markers_changes(self):
        page = f"before\n{bench.BEGIN}\nold\n{bench.END}\nafter\n"
        self.assertEqual(bench.replace_measured(page, "new"), f"before\n{bench.BEGIN}\nnew\n{bench.END}\nafter\n")

    def test_a_page_without_markers_is_left_alone(self):
        with self.assertRaises(bench.Broken):
            bench.replace_measured("text", "new")

    def test_the_table_is_markdown(self):
        lines = bench.table([("a|b", "1", "", "told", "")]).split("\n")
        self.assertEqual(len(lines), 3)
        self.assertTrue(lines[1].startswith("|---"))
        self.assertIn("a\\|b", lines[2])


if __name__ == "__main__":
    unittest.main()
