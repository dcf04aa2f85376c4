#!/usr/bin/env python3
"""Asks a worker for the text of every page and prints the predictions.

    drive.py [--time-limit SECONDS] PAGES -- WORKER [ARGUMENT ...]

PAGES are JSON lines (`.jsonl`, `.jsonl.gz`, or a folder with `pages.jsonl`) in
dehusk's layout, of which `id`, `url`, and `html`, `html_base64` or `html_path`
are read.
Predictions are JSON lines of {"id", "text"} on standard output, one for every
page, in the order of PAGES, with "title", "author" and "date" where the worker
tells them.

A worker is a process that runs an extractor. It first prints {"peer": "NAME
VERSION"}. Then it reads a request a line, {"path": FILE, "url": URL or null},
and answers each with a line: {"text": ...} or {"error": ...}; beside the text
there may be "title", "author" and "date", strings or null. FILE holds the
page's bytes. A page whose bytes are valid UTF-8 is UTF-8 whatever it declares
(corpora re-encode pages and leave the declarations); the encoding of any other
is the extractor's to find.

A page that a worker fails on, dies of or is not done with in time gets an
empty text and a line on standard error, and the next page is asked for.

Exit codes: 0 when every page has its line; 1 when not one page was answered;
2 when PAGES cannot be read or the worker does not start.
"""

import argparse
import base64
import gzip
import json
import os
import select
import subprocess
import sys
import tempfile
import time
import zlib
from pathlib import Path

# Seconds that a worker may take until it says its name.
START_LIMIT = 120.0

# What an answer may tell beside the text.
METADATA = ("title", "author", "date")

# What a malformed line or a page that is not there raises.
UNREADABLE = (AttributeError, EOFError, KeyError, OSError, TypeError, ValueError, zlib.error)


class Unusable(Exception):
    """What stops the run: PAGES, or a worker that does not start."""


class Failed(Exception):
    """What costs one page its text."""


def pages(path):
    """Yields id, address or None, and bytes of each page of `path`."""
    if path.is_dir():
        path = path / "pages.jsonl"
    opened = gzip.open if path.suffix == ".gz" else open
    seen = set()
    with opened(path, "rb") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                row = json.loads(line.decode("utf-8-sig"))
                name = string(row, "id")
                url = absolute(string(row, "url") if row.get("url") is not None else None)
                page = page_bytes(row, path.parent)
            except UNREADABLE as error:
                raise Unusable(f"{path}, line {number}: {explained(error)}") from error
            if name in seen:
                raise Unusable(f"{path}, line {number}: the id {name!r} came before")
            seen.add(name)
            yield name, url, page


def string(row, key):
    value = row[key]
    if not isinstance(value, str):
        raise TypeError(f"{key!r} is no string: {value!r}")
    return value


def page_bytes(row, folder):
    if row.get("html") is not None:
        return row["html"].encode("utf-8", "replace")
    if row.get("html_base64") is not None:
        return base64.b64decode(row["html_base64"], validate=True)
    path = folder / row["html_path"]
    if not path.exists():
        path = path.with_name(path.name + ".gz")
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rb") as file:
        return file.read()


def absolute(url):
    """The address, where it is one that an extractor can resolve links by."""
    return url if url and url.startswith(("http://", "https://")) else None


def explained(error):
    if isinstance(error, KeyError):
        return f"has no {error}"
    return str(error)


class Worker:
    """A worker's process, started when it is first needed and after each end."""

    def __init__(self, command, time_limit):
        self.command = command
        self.time_limit = time_limit
        self.peer = None
        self.process = None
        self.unread = b""

    def start(self):
        self.unread = b""
        try:
            self.process = subprocess.Popen(
                self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE
            )
            self.peer = self.answer(START_LIMIT)["peer"]
        except (OSError, Failed, KeyError) as error:
            self.stop()
            command = " ".join(self.command)
            raise Unusable(f"the worker `{command}` does not start: {error}") from error

    def stop(self):
        if self.process:
            self.process.kill()
            self.process.communicate()
            self.process = None

    def prediction(self, path, url):
        """The text, and what else is told of the page."""
        if self.process is None:
            self.start()
        try:
            request = json.dumps({"path": path, "url": url}) + "\n"
            self.process.stdin.write(request.encode())
            self.process.stdin.flush()
            answer = self.answer(self.time_limit)
        except (Failed, BrokenPipeError) as error:
            self.stop()
            raise Failed(str(error)) from error
        if "error" in answer:
            raise Failed(str(answer["error"]))
        if not isinstance(answer.get("text"), str):
            raise Failed("no text in the worker's answer")
        told = ("text", *(key for key in METADATA if isinstance(answer.get(key), str)))
        # JSON can carry half of a surrogate pair, text cannot.
        return {key: answer[key].encode("utf-8", "replace").decode("utf-8") for key in told}

    def answer(self, limit):
        """The worker's next line; Failed when it ends or `limit` seconds pass."""
        out = self.process.stdout.fileno()
        deadline = time.monotonic() + limit
        parts = [self.unread]
        while b"\n" not in parts[-1]:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([out], [], [], left)[0]:
                raise Failed(f"no answer within {limit:g} s")
            part = os.read(out, 1 << 16)
            if not part:
                raise Failed(f"the worker ended with code {self.process.wait()}")
            parts.append(part)
        line, _, self.unread = b"".join(parts).partition(b"\n")
        try:
            answer = json.loads(line)
        except (RecursionError, ValueError) as error:
            raise Failed(f"no JSON in the worker's answer {line[:80]!r}") from error
        if not isinstance(answer, dict):
            raise Failed(f"no object is the worker's answer {line[:80]!r}")
        return answer


def predict(path, worker):
    """Prints a prediction for each page; how many failed, were empty, there were."""
    total = failed = empty = 0
    with tempfile.TemporaryDirectory() as folder:
        page_path = os.path.join(folder, "page.html")
        for name, url, page in pages(path):
            with open(page_path, "wb") as file:
                file.write(page)
            prediction = {"text": ""}
            try:
                prediction = worker.prediction(page_path, url)
            except Failed as error:
                failed += 1
                note(f"{name}: {error}")
            else:
                empty += not prediction["text"].strip()
            total += 1
            print(json.dumps({"id": name, **prediction}, ensure_ascii=True))
            if sys.stderr.isatty():
                print(f"\r{total} pages", end="", file=sys.stderr, flush=True)
    return failed, empty, total


def note(message):
    clear = "\r\033[K" if sys.stderr.isatty() else ""
    print(f"{clear}{message}", file=sys.stderr)


def arguments():
    parser = argparse.ArgumentParser(
        description="Asks a worker for the text of every page and prints the predictions."
    )
    parser.add_argument("--time-limit", type=float, default=30.0, metavar="SECONDS")
    parser.add_argument("pages", type=Path, metavar="PAGES")
    parser.add_argument("worker", nargs="+", metavar="WORKER")
    return parser.parse_args()


def main():
    given = arguments()
    worker = Worker(given.worker, given.time_limit)
    start = time.monotonic()
    try:
        worker.start()
        failed, empty, total = predict(given.pages, worker)
    except (Unusable, OSError) as error:
        note(f"error: {error}")
        return 2
    finally:
        worker.stop()
    note(
        f"{worker.peer}: {total} pages in {time.monotonic() - start:.0f} s, "
        f"{failed} failed, {empty} more without text"
    )
    return 1 if total and failed == total else 0


if __name__ == "__main__":
    sys.exit(main())
