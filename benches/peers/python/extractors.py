"""The extractors of PyPI, as a worker of drive.py: `extractors.py PEER [--comments]`.

Reads requests from standard input and answers each on standard output, as
drive.py says.
"""

import importlib.metadata
import json
import logging
import os
import sys

BREAKING = (
    "address article aside blockquote br dd div dl dt figcaption figure footer "
    "form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section table td th tr ul"
).split()


def trafilatura(comments):
    from trafilatura import extract

    def text(page, url):
        return extract(page, url=url, include_comments=comments)

    return text


def trafilatura_metadata(page, url):
    from trafilatura.metadata import extract_metadata

    found = extract_metadata(page, default_url=url)
    return {key: getattr(found, key) for key in ("title", "author", "date")}


def readability_lxml(_):
    from lxml.html import document_fromstring
    from readability import Document

    def text(page, url):
        article = document_fromstring(Document(page, url=url).summary())
        # text_content() glues the last word of a block to the first of the next.
        for element in article.iter(*BREAKING):
            element.text = "\n" + (element.text or "")
            element.tail = "\n" + (element.tail or "")
        return article.text_content()

    return text


def resiliparse(comments):
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.encoding import bytes_to_str, detect_encoding

    def text(page, _):
        if isinstance(page, bytes):
            page = bytes_to_str(page, detect_encoding(page, from_html_meta=True))
        return extract_plain_text(
            page,
            main_content=True,
            comments=comments,
            # Neither pictures' texts nor the numbers of lists are in gold text.
            alt_texts=False,
            list_bullets=False,
        )

    return text


PEERS = {
    "trafilatura": trafilatura,
    "readability-lxml": readability_lxml,
    "resiliparse": resiliparse,
}

# Of those that tell more of a page than its text.
METADATA = {"trafilatura": trafilatura_metadata}


def answer(text, metadata, request):
    with open(request["path"], "rb") as file:
        page = file.read()
    try:
        page = page.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass  # the extractor is to find the encoding
    try:
        url = request.get("url")
        return {"text": text(page, url) or "", **(metadata(page, url) if metadata else {})}
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}


def main():
    peer = sys.argv[1]
    # What a library prints must not stand among the answers.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    os.dup2(2, 1)
    logging.disable(logging.CRITICAL)

    text, metadata = PEERS[peer]("--comments" in sys.argv[2:]), METADATA.get(peer)
    print(json.dumps({"peer": f"{peer} {importlib.metadata.version(peer)}"}), file=answers)
    for line in sys.stdin:
        print(json.dumps(answer(text, metadata, json.loads(line))), file=answers)


if __name__ == "__main__":
    main()
