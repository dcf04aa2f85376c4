#!/usr/bin/env python3
"""Makes a WET archive of flattened pages, as Common Crawl publishes them.

    make.py TEXTS.jsonl ARCHIVE.warc.wet.gz [--records N] [--median BYTES]

TEXTS are JSON lines (plain, or gzipped by name) of which `id`, `url` and `text`
are read; `-` is standard input. `dehusk extract --threshold 0 -f jsonl` writes
such of labelled pages: all visible text, a line for each block. Each text
becomes a `conversion` record, a gzip member of its own; blank lines are left
out, as WET has none, and so are texts without words. `--records` writes N of
them, going round. `--median` takes as many of the texts, from the shortest up, as
have a median of so many bytes: pages of a corpus are longer than those of a crawl.
The same texts make the same bytes.

Exit codes: 0 when the archive is there; 1 when a text cannot be read.
"""

import argparse
import gzip
import json
import os
import sys
import urllib.parse

DATE = "2025-11-25T12:00:00Z"


def open_texts(name):
    if name == "-":
        return sys.stdin.buffer
    return gzip.open(name) if name.endswith(".gz") else open(name, "rb")


def read_texts(name):
    """(id, url, lines) of every text; a line that is none ends the program."""
    with open_texts(name) as rows:
        for number, row in enumerate(rows, 1):
            if not row.strip():
                continue
            try:
                row = json.loads(row)
                lines = [line.strip() for line in row["text"].splitlines()]
                yield str(row["id"]), row.get("url"), [line for line in lines if line]
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                sys.exit(f"make.py: {name}: line {number}: no text: {error!r}")


def block_of(lines):
    """The bytes of a record's text."""
    return "".join(line + "\n" for line in lines).encode("utf-8", "replace")


def with_median(texts, most):
    """The shortest texts, as many as have a median of `most` bytes."""
    sizes = sorted(len(block_of(lines)) for _, _, lines in texts)
    taken = [n for n in range(1, len(sizes) + 1) if sizes[(n - 1) // 2] <= most]
    longest = sizes[taken[-1] - 1] if taken else -1
    return [text for text in texts if len(block_of(text[2])) <= longest]


def conversion(name, turn, url, lines):
    """A conversion record, as it lies in its gzip member."""
    block = block_of(lines)
    url = url or f"https://{urllib.parse.quote(name, safe='').lower()}.pages.example/"
    again = f"/{turn}" if turn else ""
    head = [
        "WARC/1.0",
        "WARC-Type: conversion",
        f"WARC-Target-URI: {url}",
        f"WARC-Date: {DATE}",
        f"WARC-Record-ID: <urn:dehusk:{urllib.parse.quote(name, safe='')}{again}>",
        "Content-Type: text/plain",
        f"Content-Length: {len(block)}",
    ]
    record = "\r\n".join(head).encode() + b"\r\n\r\n" + block + b"\r\n\r\n"
    return gzip.compress(record, 6, mtime=0)


def write(texts, archive, records):
    """Writes `records` records, going round the texts; how many bytes of text."""
    written = 0
    for n in range(records):
        name, url, lines = texts[n % len(texts)]
        archive.write(conversion(name, n // len(texts), url, lines))
        written += len(block_of(lines))
    return written


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("texts")
    parser.add_argument("archive")
    parser.add_argument("--records", type=int)
    parser.add_argument("--median", type=int)
    args = parser.parse_args()
    texts = [text for text in read_texts(args.texts) if text[2]]
    if args.median is not None:
        texts = with_median(texts, args.median)
    if not texts:
        sys.exit(f"make.py: {args.texts}: there is no such text in it")
    records = len(texts) if args.records is None else args.records
    unfinished = args.archive + ".part"
    with open(unfinished, "wb") as archive:
        written = write(texts, archive, records)
    os.replace(unfinished, args.archive)
    print(f"{args.archive}: {records} records, {written} bytes of text", file=sys.stderr)


if __name__ == "__main__":
    main()
