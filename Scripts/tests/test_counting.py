#!/usr/bin/env python3
"""The counting of Swift tests: crashes, empty runs and broken streams must be red."""

import importlib.machinery
import importlib.util
import json
import os
import sys
import unittest

sys.dont_write_bytecode = True
PATH = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "swift-test")
LOADER = importlib.machinery.SourceFileLoader("swift_test", PATH)
swift_test = importlib.util.module_from_spec(importlib.util.spec_from_loader("swift_test", LOADER))
LOADER.exec_module(swift_test)


def test(name, kind="function"):
    return json.dumps({"kind": "test", "payload": {"id": name, "kind": kind, "name": name}})


def event(kind, name=None, symbol="default", **more):
    payload = {"kind": kind, "messages": [{"symbol": symbol, "text": f"{name} {symbol}"}], **more}
    if name:
        payload["testID"] = name
    return json.dumps({"kind": "event", "payload": payload})


def ended(name, symbol):
    return [event("testStarted", name), event("testEnded", name, symbol)]


END = [event("runEnded", None, "pass"), ""]


class Counting(unittest.TestCase):
    def test_passed_failed_and_known_issues(self):
        lines = [test("a"), test("b"), test("c"), *ended("a", "pass"), *ended("b", "fail"),
                 *ended("c", "passWithKnownIssue"), *END]
        self.assertEqual(swift_test.count(lines), (2, 1, [], ["b failed"]))

    def test_skipped_before_and_during_the_test(self):
        lines = [test("a"), test("b"), test("c"), *ended("c", "pass"),
                 event("testSkipped", "a", "skip", _comments=["no Samba"]),
                 event("testStarted", "b"), event("testCancelled", "b", _comments=["no tmpfs"]),
                 event("testEnded", "b", "skip"), *END]
        self.assertEqual(swift_test.count(lines), (1, 0, [("a", "no Samba"), ("b", "no tmpfs")], []))

    def test_a_crash_fails_what_had_begun(self):
        lines = [test("a"), test("b"), *ended("a", "pass"), event("testStarted", "b")]
        self.assertEqual(swift_test.count(lines), (1, 1, [], ["b did not end"]))

    def test_a_crash_between_tests(self):
        self.assertEqual(swift_test.count([test("a"), *ended("a", "pass")]), (1, 1, [], ["the run did not end"]))

    def test_no_stream_at_all(self):
        self.assertEqual(swift_test.count([]), (0, 1, [], ["the run did not end"]))

    def test_an_empty_run(self):
        self.assertEqual(swift_test.count(END), (0, 1, [], ["no test was run"]))

    def test_an_issue_of_a_suite_itself(self):
        lines = [test("s", "suite"), test("a"), event("testStarted", "s"), *ended("a", "pass"),
                 event("testEnded", "s", "fail"), *END]
        self.assertEqual(swift_test.count(lines), (1, 1, [], ["s fail"]))

    def test_a_failed_suite_does_not_count_beside_its_test(self):
        lines = [test("s", "suite"), test("a"), event("testStarted", "s"), *ended("a", "fail"),
                 event("testEnded", "s", "fail"), *END]
        self.assertEqual(swift_test.count(lines), (0, 1, [], ["a failed"]))


if __name__ == "__main__":
    unittest.main()
