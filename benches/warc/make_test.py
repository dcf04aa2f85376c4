#!/usr/bin/env python3
"""Tests of make.py: what it writes is read again with Python's own library."""

import base64
import gzip
import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

MAKE = Path(__file__).with_name("make.py")
PAGES = [
    {"id": "a/1", "url": "https://tea.example/a?b=c", "html": "<p>Grüße"},
    {"id": "2", "html_base64": base64.b64encode(b"<p>caf\xe9").decode()},
    {"id": "3 4", "html": "<p>" + "Tea " * 20000},
    {"id": "5", "html": "<p>Kettle"},
]


def make(folder, name, *options):
    pages = Path(folder, "pages.jsonl")
    pages.write_text("".join(json.dumps(page) + "\n" for page in PAGES))
    archive = Path(folder, name)
    command = [sys.executable, MAKE, pages, archive, *options]
    subprocess.run(command, check=True, capture_output=True)
    return archive.read_bytes()


def records(data):
    while data:
        head, rest = data.split(b"\r\n\r\n", 1)
        lines = head.decode().split("\r\n")
        assert lines[0] == "WARC/1.0"
        fields = dict(line.split(": ", 1) for line in lines[1:])
        length = int(fields["Content-Length"])
        assert rest[length : length + 4] == b"\r\n\r\n"
        yield fields, rest[:length]
        data = rest[length + 4 :]


def body(block):
    head, rest = block.split(b"\r\n\r\n", 1)
    if b"chunked" in head:
        parts = b""
        while True:
            size, rest = rest.split(b"\r\n", 1)
            if int(size, 16) == 0:
                break
            parts, rest = parts + rest[: int(size, 16)], rest[int(size, 16) + 2 :]
        rest = parts
    return gzip.decompress(rest) if b"Content-Encoding: gzip" in head else rest


class Make(unittest.TestCase):
    def test_pages_read_again_in_order(self):
        with tempfile.TemporaryDirectory() as folder:
            data = make(folder, "x.warc")
            self.assertEqual(gzip.decompress(make(folder, "x.warc.gz")), data)
        found = [r for r in records(data) if r[0]["WARC-Type"] == "response"]
        bodies = [body(block) for _, block in found]
        self.assertEqual(bodies[0], "<p>Grüße".encode())
        self.assertEqual(bodies[1], b"<p>caf\xe9")
        self.assertEqual(bodies[2], PAGES[2]["html"].encode())
        self.assertEqual(bodies[3], b"<p>Kettle")
        ids = [fields["WARC-Record-ID"] for fields, _ in found]
        self.assertEqual(ids[0], "<urn:dehusk:a/1>")
        self.assertEqual(ids[2], "<urn:dehusk:3%204>")
        self.assertEqual(found[0][0]["WARC-Target-URI"], PAGES[0]["url"])

    def test_a_page_has_three_records_each_a_member(self):
        with tempfile.TemporaryDirectory() as folder:
            data = make(folder, "x.warc.gz", "--repeat", "2")
            again = make(folder, "x.warc.gz", "--repeat", "2")
        self.assertEqual(data, again)
        self.assertEqual(data.count(b"\x1f\x8b\x08\x00\x00\x00\x00\x00"), 25)
        kinds = [fields["WARC-Type"] for fields, _ in records(gzip.decompress(data))]
        self.assertEqual(kinds, ["warcinfo"] + ["request", "response", "metadata"] * 8)

    def test_a_line_that_is_no_page_leaves_no_archive(self):
        with tempfile.TemporaryDirectory() as folder:
            pages, archive = Path(folder, "p.jsonl"), Path(folder, "x.warc")
            pages.write_text('{"id": "1"}\n')
            done = subprocess.run([sys.executable, MAKE, pages, archive], capture_output=True)
            self.assertEqual(done.returncode, 1)
            self.assertIn(b"line 1", done.stderr)
            self.assertEqual([p.name for p in Path(folder).iterdir()], ["p.jsonl"])


if __name__ == "__main__":
    unittest.main()
