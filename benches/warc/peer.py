#!/usr/bin/env python3
"""WARC to JSON lines with a peer: peer.py resiliparse|trafilatura IN.warc.gz OUT.jsonl

Reads with FastWARC and extracts as the peer's own guide shows. A page that a peer
raises on becomes an empty text, so that all write a line a page.
"""

import json
import sys

from fastwarc.warc import ArchiveIterator, WarcRecordType


def pages(path):
    with open(path, "rb") as file:
        for record in ArchiveIterator(file, record_types=WarcRecordType.response, parse_http=True):
            if record.http_content_type not in ("text/html", "application/xhtml+xml"):
                continue
            if record.http_headers.status_code != 200:
                continue
            yield record, record.reader.read()


def resiliparse():
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.encoding import detect_encoding
    from resiliparse.parse.html import HTMLTree

    def extract(record, body):
        encoding = record.http_charset or detect_encoding(body)
        tree = HTMLTree.parse_from_bytes(body, encoding)
        return extract_plain_text(tree, main_content=True)

    return extract


def trafilatura():
    import trafilatura

    def extract(_, body):
        return trafilatura.extract(body, include_comments=False)

    return extract


def main():
    peer, source, target = sys.argv[1:]
    extract = {"resiliparse": resiliparse, "trafilatura": trafilatura}[peer]()
    with open(target, "w", encoding="utf-8") as out:
        for record, body in pages(source):
            try:
                text = extract(record, body) or ""
            except Exception as error:
                print(f"{record.record_id}: {error!r}", file=sys.stderr)
                text = ""
            line = {"id": record.record_id, "url": record.headers.get("WARC-Target-URI"), "text": text}
            out.write(json.dumps(line, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
