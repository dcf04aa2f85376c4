#!/usr/bin/env python3
"""Tests make.py: python3 make_test.py"""

import gzip
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

MAKE = pathlib.Path(__file__).parent / "make.py"


class Make(unittest.TestCase):
    def make(self, rows, *arguments):
        with tempfile.TemporaryDirectory() as folder:
            texts, archive = (str(pathlib.Path(folder, name)) for name in ("t.jsonl", "t.wet.gz"))
            with open(texts, "w", encoding="utf-8") as out:
                out.writelines(row if isinstance(row, str) else json.dumps(row) + "\n" for row in rows)
            done = subprocess.run(
                [sys.executable, MAKE, texts, archive, *arguments], capture_output=True, text=True
            )
            if done.returncode:
                return done.returncode, done.stderr
            return 0, pathlib.Path(archive).read_bytes()

    def test_a_text_is_a_conversion_record_without_blank_lines(self):
        code, archive = self.make([{"id": "a b", "url": None, "text": "Tea\n\n for two é \n"}])
        self.assertEqual(code, 0)
        record = gzip.decompress(archive).decode()
        self.assertIn("WARC-Type: conversion\r\n", record)
        self.assertIn("WARC-Record-ID: <urn:dehusk:a%20b>\r\n", record)
        self.assertIn("Content-Length: 15\r\n\r\nTea\nfor two é\n\r\n\r\n", record)

    def test_records_go_round_and_are_told_apart(self):
        rows = [{"id": "a", "url": "https://a.example/", "text": "A"}, {"id": "b", "text": "B"}]
        code, archive = self.make(rows, "--records", "3")
        self.assertEqual(code, 0)
        records = gzip.decompress(archive).decode()
        for name in ("dehusk:a>", "dehusk:b>", "dehusk:a/1>"):
            self.assertIn(name, records)
        self.assertEqual(records.count("https://a.example/"), 2)

    def test_of_texts_the_short_ones_are_taken_up_to_a_median(self):
        rows = [{"id": str(n), "text": "x" * n} for n in (0, 9, 4, 2, 30, 40)]
        code, archive = self.make(rows, "--median", "5")
        self.assertEqual(code, 0)
        records = gzip.decompress(archive).decode()
        ids = [n for n in (0, 2, 4, 9, 30, 40) if f"<urn:dehusk:{n}>" in records]
        self.assertEqual(ids, [2, 4, 9, 30])

    def test_a_line_that_is_no_text_is_told(self):
        code, said = self.make([{"id": "a", "text": "A"}, "{}\n"])
        self.assertEqual(code, 1)
        self.assertIn("line 2: no text", said)


if __name__ == "__main__":
    unittest.main()
