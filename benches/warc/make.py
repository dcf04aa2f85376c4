#!/usr/bin/env python3
"""Makes a WARC archive of labelled pages, as a crawl would have left it.

    make.py PAGES.jsonl ARCHIVE.warc.gz [--repeat N]

PAGES are JSON lines (plain, or gzipped by name) as `dehusk corpus convert`
writes them, of which `id`, `url`, and `html` or `html_base64` are read; `-` is
standard input. Each page becomes a `request`, a `response` and a `metadata`
record, each a gzip member of its own; without `.gz` at its end the archive is
not compressed. Responses take turns in how they are transferred: as they are,
chunked, gzipped, and gzipped and chunked. A page without an address gets
https://ID.pages.example/. `--repeat` writes all pages N times.

The `WARC-Record-ID` of a page's response is <urn:dehusk:ID>, with `/N` behind
it from the second time on. The same pages make the same bytes.

Exit codes: 0 when the archive is there; 1 when a page cannot be read.
"""

import argparse
import base64
import gzip
import json
import os
import sys
import urllib.parse

DATE = "2025-11-25T12:00:00Z"


def open_pages(name):
    if name == "-":
        return sys.stdin.buffer
    return gzip.open(name) if name.endswith(".gz") else open(name, "rb")


def read_pages(name):
    """(id, url, bytes) of every page; a line that is none ends the program."""
    with open_pages(name) as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
                if "html" in row:
                    # What JSON escapes may be half a character: kept as it is.
                    html = row["html"].encode("utf-8", "surrogatepass")
                else:
                    html = base64.b64decode(row["html_base64"])
                yield str(row["id"]), row.get("url"), html
            except (ValueError, KeyError, TypeError) as error:
                sys.exit(f"make.py: {name}: line {number}: no page: {error!r}")


def chunked(body):
    """In chunks as a server sends them, 16 KB each."""
    out = bytearray()
    for at in range(0, len(body), 16384):
        chunk = body[at : at + 16384]
        out += b"%x\r\n%s\r\n" % (len(chunk), chunk)
    return bytes(out) + b"0\r\n\r\n"


def is_utf8(body):
    try:
        body.decode("utf-8")
        return True
    except UnicodeDecodeError:
        return False


def response(html, turn):
    """An HTTP response; which way it is transferred goes by its turn."""
    fields = ["HTTP/1.1 200 OK", "Server: nginx", "Date: Tue, 25 Nov 2025 12:00:00 GMT"]
    charset = "; charset=utf-8" if is_utf8(html) else ""
    fields.append(f"Content-Type: text/html{charset}")
    body = html
    if turn % 4 >= 2:
        body = gzip.compress(body, 6, mtime=0)
        fields.append("Content-Encoding: gzip")
    if turn % 2 == 1:
        body = chunked(body)
        fields.append("Transfer-Encoding: chunked")
    else:
        fields.append(f"Content-Length: {len(body)}")
    return "\r\n".join(fields).encode() + b"\r\n\r\n" + body


def record(kind, record_id, fields, block):
    head = ["WARC/1.0", f"WARC-Type: {kind}", f"WARC-Record-ID: <{record_id}>", f"WARC-Date: {DATE}"]
    head += fields + [f"Content-Length: {len(block)}"]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + block + b"\r\n\r\n"


def records_of(page_id, url, html, turn, suffix):
    """The records that a crawl has of one page."""
    name = urllib.parse.quote(page_id, safe="/") + suffix
    if not url:
        host = urllib.parse.quote(page_id, safe="").replace("%", "-").lower()
        url = f"https://{host}.pages.example/"
    url = url.replace("\r", "").replace("\n", "")
    parts = urllib.parse.urlsplit(url)
    path = parts.path or "/"
    request = f"GET {path} HTTP/1.1\r\nHost: {parts.netloc}\r\nUser-Agent: make.py\r\n\r\n"
    target = f"WARC-Target-URI: {url}"
    yield record(
        "request",
        f"urn:dehusk:request:{name}",
        [target, "Content-Type: application/http; msgtype=request"],
        request.encode("utf-8", "surrogatepass"),
    )
    yield record(
        "response",
        f"urn:dehusk:{name}",
        [target, "Content-Type: application/http; msgtype=response"],
        response(html, turn),
    )
    yield record(
        "metadata",
        f"urn:dehusk:metadata:{name}",
        [target, "Content-Type: application/warc-fields"],
        b"fetchTimeMs: 120\r\n",
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("pages")
    parser.add_argument("archive")
    parser.add_argument("--repeat", type=int, default=1, metavar="N")
    arguments = parser.parse_args()
    packs = arguments.archive.endswith(".gz")
    beside = arguments.archive + ".part"
    count = 0
    try:
        with open(beside, "wb") as out:

            def write(data):
                out.write(gzip.compress(data, 6, mtime=0) if packs else data)

            info = b"software: dehusk benches/warc/make.py\r\nformat: WARC File Format 1.0\r\n"
            write(record("warcinfo", "urn:dehusk:warcinfo", ["Content-Type: application/warc-fields"], info))
            for time in range(arguments.repeat):
                suffix = f"/{time + 1}" if time else ""
                for page_id, url, html in read_pages(arguments.pages):
                    for data in records_of(page_id, url, html, count, suffix):
                        write(data)
                    count += 1
        os.replace(beside, arguments.archive)
    finally:
        if os.path.exists(beside):
            os.remove(beside)
    print(f"{count} pages, {3 * count + 1} records", file=sys.stderr)


if __name__ == "__main__":
    main()
