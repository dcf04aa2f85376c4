#!/usr/bin/env python3
"""Writes pages that were made to be slow, deep, large or broken, a file each.

    make.py FOLDER [--bytes N]

Every page is about N bytes long (1,000,000 unless told otherwise) and says what a
reader would lose: FOLDER/words.json has, for each page, words that its text holds.
The same arguments give the same bytes.
"""

import argparse
import json
import pathlib

START, MIDDLE, END = "firstmarker", "middlemarker", "lastmarker"
PROSE = (
    "The ferry left the quay at nine, an hour late, with two hundred people on board, "
    "and nobody who had waited for it said that they minded much. "
)


def around(unit, total, close=""):
    """An article's text before, in and after a run of `unit`."""
    n = max(2, total // max(1, len(unit(0))))
    half = n // 2
    first = "".join(unit(i) for i in range(half))
    second = "".join(unit(i) for i in range(half, n))
    return (
        f"<article><p>{START} {PROSE}</p>{first} {MIDDLE} {second}{close}"
        f"<p>{END} {PROSE}</p></article>"
    )


def same(text):
    return lambda _: text


def nested(tag, total, leaf="x "):
    return around(same(f"<{tag}>{leaf}"), total)


def attributes(total):
    names = "".join(f" a{i}=v" for i in range(total // 10))
    return f"<article><p>{START} {PROSE}<p{names}>{MIDDLE} {PROSE}<p>{END} {PROSE}</article>"


def classes(total):
    names = " ".join(f"class{i}" for i in range(total // 20))
    blocks = "<p>x y" * (total // 12)
    return (
        f"<article class='{names}'><p>{START} {PROSE}{blocks}<p>{MIDDLE} {PROSE}"
        f"<p>{END} {PROSE}</article>"
    )


def one_text(total, filler):
    text = filler * (total // 2 // len(filler))
    return f"<article><p>{START} {PROSE}{text} {MIDDLE} {text} {END} {PROSE}</p></article>"


def closed(tag, total):
    """Opened and closed, so that what follows stands at the top again."""
    n = total // (2 * len(tag) + 5)
    return (
        f"<article><p>{START} {PROSE}</p>{f'<{tag}>' * n}{MIDDLE} {PROSE}"
        f"{f'</{tag}>' * n}<p>{END} {PROSE}</p></article>"
    )


PAGES = {
    "div-nested": lambda n: nested("div", n),
    "div-nested-and-closed": lambda n: closed("div", n),
    "span-nested-and-closed": lambda n: closed("span", n),
    "b-nested": lambda n: nested("b", n),
    "font-nested": lambda n: around(lambda i: f"<font color=c{i}>x ", n),
    "a-nested": lambda n: around(lambda i: f"<a href=/{i}>x ", n),
    "li-unclosed": lambda n: around(same("<li>x "), n),
    "ul-li-nested": lambda n: nested("ul><li", n),
    "dd-unclosed": lambda n: around(same("<dt>x <dd>y "), n),
    "table-nested": lambda n: nested("table><tr><td", n),
    "blockquote-nested": lambda n: nested("blockquote", n),
    "em-q-in-one-paragraph": lambda n: around(same("<em><q>x "), n),
    "p-font": lambda n: around(lambda i: f"<p><font a={i}>x ", n),
    "wrong-order": lambda n: around(same("<b><i><u><div></b>x </i></u>"), n),
    "form-nested": lambda n: around(same("<form><div>x </form>"), n),
    "svg-nested": lambda n: around(same("<svg><g>"), n, "</g></svg>" * (n // 8)),
    "math-nested": lambda n: around(same("<math><mrow><mi>x</mi>"), n, "</mrow></math>" * (n // 22)),
    "template-nested": lambda n: around(same("<template>"), n, "</template>" * (n // 10)),
    "select-options": lambda n: around(same("<select><option>x</select>"), n),
    "attributes-of-one-tag": attributes,
    "attributes-of-many-tags": lambda n: around(
        same("<p" + "".join(f" a{i}=v" for i in range(300)) + ">x "), n
    ),
    "classes": classes,
    "entities": lambda n: around(same("&amp;&notanentity;&#x41;&CounterClockwiseContourIntegral;"), n),
    "comments": lambda n: around(same("<!--x-->y "), n),
    "comment-unclosed-dashes": lambda n: around(same("<!-- - -- --->y "), n),
    "spans-of-cells": lambda n: around(
        same("<table><tr><th colspan=1000 rowspan=1000>a<th>b<tr><td colspan=99999>c<td>d</table>"), n
    ),
    "wide-table": lambda n: around(same("<td>x<td rowspan=9>y"), n).replace(
        "</p>", "</p><table><tr>", 1
    ),
    "one-text-of-words": lambda n: one_text(n, "word, "),
    "one-word": lambda n: one_text(n, "x"),
    "one-text-of-chinese": lambda n: one_text(n, "中文网页正文抽取"),
    "nul-characters": lambda n: one_text(n, "\0"),
    "spaces": lambda n: one_text(n, " "),
    "line-breaks": lambda n: around(same("<br>x"), n),
    "links": lambda n: around(lambda i: f"<a href=/{i}>Link {i}</a> ", n),
    "paragraphs": lambda n: around(lambda i: f"<p>Word{i} and others ", n),
    "duplicates": lambda n: around(same(f"<p>{PROSE}"), n),
    "headings": lambda n: around(same("<h2>Same</h2>"), n),
    "footnotes": lambda n: around(
        lambda i: f"<p>x<sup><a href=#n{i}>{i}</a></sup><li id=n{i}>note {i}</li>", n
    ),
    "comments-of-readers": lambda n: around(
        lambda i: f"<div class=comment><b>Ann {i}</b> <time>3 May 2024</time><p>I was there too, {i}.</div>", n
    ),
    "code-lines": lambda n: around(lambda i: f"<span class=lineno>{i}</span>let x = {i};\n", n).replace(
        "</p>", "</p><pre>", 1
    ),
    "emphasis-marks": lambda n: around(same("<b>*</b>_<i>a_</i>**`"), n),
    "json-ld-nested": lambda n: (
        f"<script type=application/ld+json>{'[' * (n // 2)}{']' * (n // 2)}</script>"
        f"<article><p>{START} {PROSE}<p>{MIDDLE} {PROSE}<p>{END} {PROSE}</article>"
    ),
    "script-unclosed": lambda n: (
        f"<article><p>{START} {PROSE}<p>{MIDDLE} {PROSE}<p>{END} {PROSE}</article>"
        f"<script>{'</scrip' * (n // 7)}"
    ),
    "titles-unclosed": lambda n: (
        f"<title>A{'<title' * (n // 6)}<article><p>{START} {PROSE}<p>{MIDDLE} {PROSE}"
        f"<p>{END} {PROSE}</article>"
    ),
    "style-attributes": lambda n: around(same("<p style='a:b;c:d;color:#fff;opacity:1'>x "), n),
    "bytes-at-random": lambda n: (
        f"<article><p>{START} {PROSE}<p>{MIDDLE} {PROSE}<p>{END} {PROSE}</article><p>"
        + noise(n)
    ),
}


WORDS = (START, MIDDLE, END)

# What is no text of the page: it stands in a drawing, in a template.
NO_TEXT = {"svg-nested": (MIDDLE,), "template-nested": (MIDDLE,)}


def noise(n):
    """Characters of a linear congruential generator (Knuth, MMIX)."""
    state, out = 1, []
    for _ in range(n):
        state = (state * 6364136223846793005 + 1442695040888963407) % (1 << 64)
        out.append(chr(state >> 33 & 0x7F))
    return "".join(out)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--bytes", type=int, default=1_000_000)
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    for name, make in PAGES.items():
        page = make(arguments.bytes)
        page = f"<!DOCTYPE html><meta charset=utf-8><body>{page}"
        (arguments.folder / f"{name}.html").write_text(page, encoding="utf-8", newline="")
    words = {name: [w for w in WORDS if w not in NO_TEXT.get(name, ())] for name in PAGES}
    (arguments.folder / "words.json").write_text(json.dumps(words) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
