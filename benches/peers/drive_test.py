"""What drive.py owes: a line for every page, whatever its worker does.

    python3 benches/peers/drive_test.py
"""

import gzip
import json
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

DRIVE = Path(__file__).with_name("drive.py")

# Says back what the page says, its address before it, and does what it is told.
WORKER = """
import json, os, sys, time
print(json.dumps({"peer": "echo 1.2"}), flush=True)
for line in sys.stdin:
    request = json.loads(line)
    page = open(request["path"], "rb").read()
    if page == b"sleep":
        time.sleep(600)
    if page == b"die":
        os._exit(7)
    if page == b"babble":
        print("no answer", flush=True)
    elif page == b"list":
        print("[]", flush=True)
    elif page == b"number":
        print(json.dumps({"text": 7}), flush=True)
    elif page == b"told":
        print(json.dumps({"text": "", "title": "T\\ud83d", "author": None, "date": 7}), flush=True)
    elif page == b"fail":
        print(json.dumps({"error": "too odd"}), flush=True)
    else:
        text = f"{request['url']} {page.decode('latin-1')}"
        print(json.dumps({"text": "" if page == b"nothing" else text}), flush=True)
"""


class Drive(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def write(self, *rows):
        path = self.folder / "pages.jsonl"
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
        return path

    def drive(self, pages, *worker):
        worker = worker or (sys.executable, "-c", WORKER)
        return subprocess.run(
            [sys.executable, DRIVE, "--time-limit", "2", pages, "--", *worker],
            capture_output=True,
            text=True,
        )

    def texts(self, run):
        rows = [json.loads(line) for line in run.stdout.splitlines()]
        return [(row["id"], row["text"]) for row in rows]

    def test_pages_that_fail_die_or_hang_get_an_empty_text_and_the_rest_theirs(self):
        wrongs = ["sleep", "die", "babble", "list", "number", "fail", "nothing"]
        rows = []
        for wrong in wrongs:
            rows.append({"id": wrong, "html": wrong})
            rows.append({"id": f"after {wrong}", "html": "tea"})
        start = time.monotonic()
        run = self.drive(self.write(*rows))
        self.assertLess(time.monotonic() - start, 300)
        expected = []
        for wrong in wrongs:
            expected += [(wrong, ""), (f"after {wrong}", "None tea")]
        self.assertEqual(self.texts(run), expected)
        self.assertEqual(run.returncode, 0, run.stderr)
        for told in [
            "sleep: no answer within 2 s\n",
            "die: the worker ended with code 7\n",
            "babble: no JSON in the worker's answer b'no answer'\n",
            "list: no object is the worker's answer b'[]'\n",
            "number: no text in the worker's answer\n",
            "fail: too odd\n",
        ]:
            self.assertIn(told, run.stderr)
        self.assertNotIn("nothing: ", run.stderr)
        summary = run.stderr.splitlines()[-1]
        self.assertTrue(summary.startswith("echo 1.2: 14 pages in "), summary)
        self.assertTrue(summary.endswith(" s, 6 failed, 1 more without text"), summary)

    def test_bytes_come_unchanged_from_lines_and_files_gzipped_or_not(self):
        (self.folder / "a.html").write_bytes(b"caf\xe9")
        (self.folder / "b.html.gz").write_bytes(gzip.compress(b"tea\r\n"))
        pages = self.write(
            {"id": "a", "html_path": "a.html", "url": "https://example.org/a"},
            {"id": "b", "html_path": "b.html", "html": None, "url": "/b"},
            {"id": "c", "html_base64": "Y2Fm6Q=="},
            {"id": "d", "html": "ol\u00e9"},
        )
        texts = [
            ("a", "https://example.org/a caf\xe9"),
            ("b", "None tea\r\n"),
            ("c", "None caf\xe9"),
            ("d", "None ol\xc3\xa9"),
        ]
        self.assertEqual(self.texts(self.drive(pages)), texts)
        self.assertEqual(self.texts(self.drive(self.folder)), texts)
        packed = self.folder / "packed.jsonl.gz"
        packed.write_bytes(gzip.compress(pages.read_bytes()))
        self.assertEqual(self.texts(self.drive(packed)), texts)

    def test_half_of_a_surrogate_pair_is_written_as_text(self):
        answer = json.dumps({"peer": "p"}) + "\n" + json.dumps({"text": "a\ud83d"}) + "\n"
        worker = f"import sys; sys.stdout.write({answer!r}); sys.stdout.flush(); input(); input()"
        run = self.drive(self.write({"id": "1", "html": ""}), sys.executable, "-c", worker)
        self.assertEqual(self.texts(run), [("1", "a?")])

    def test_what_is_told_beside_the_text_is_passed_on(self):
        run = self.drive(self.write({"id": "1", "html": "told"}))
        self.assertEqual(json.loads(run.stdout), {"id": "1", "text": "", "title": "T?"})

    def test_malformed_pages_are_named_by_line(self):
        for row, problem in [
            ({"html": "tea"}, "has no 'id'"),
            ({"id": "2"}, "has no 'html_path'"),
            ({"id": "2", "html_base64": "?"}, "base64"),
            ({"id": "2", "html": 7}, "'int' object has no attribute 'encode'"),
            ({"id": "2", "html_path": "none.html"}, "No such file"),
            ({"id": "1", "html": "tea"}, "the id '1' came before"),
            (7, "'int' object is not subscriptable"),
            ({"id": 2, "html": "tea"}, "'id' is no string: 2"),
            ({"id": ["2"], "html": "tea"}, "'id' is no string"),
            ({"id": "2", "html": "tea", "url": 7}, "'url' is no string: 7"),
        ]:
            run = self.drive(self.write({"id": "1", "html": "tea"}, row))
            self.assertEqual(run.returncode, 2, run.stderr)
            self.assertIn("pages.jsonl, line 2: ", run.stderr)
            self.assertIn(problem, run.stderr)

    def test_a_worker_that_does_not_start_ends_the_run(self):
        pages = self.write({"id": "1", "html": "tea"})
        for worker in [
            ("/none/such",),
            (sys.executable, "-c", "raise SystemExit(3)"),
            (sys.executable, "-c", "print('{}')"),
            (sys.executable, "-c", "print('[]')"),
        ]:
            run = self.drive(pages, *worker)
            self.assertEqual((run.returncode, run.stdout), (2, ""))
            self.assertIn("does not start: ", run.stderr)

    def test_a_run_without_one_answer_is_no_success(self):
        run = self.drive(self.write({"id": "1", "html": "fail"}))
        self.assertEqual((run.returncode, self.texts(run)), (1, [("1", "")]))


if __name__ == "__main__":
    unittest.main()
