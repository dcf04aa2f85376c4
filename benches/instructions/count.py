#!/usr/bin/env python3
"""How many instructions dehusk takes for fixed pages: a figure that a busy machine
does not change.

    cargo build
    python3 count.py ../../target/debug/dehusk            # count, and compare
    python3 count.py ../../target/debug/dehusk --update   # count, and commit to it

Valgrind's callgrind counts what `Extractor::extract` takes for each page of PAGES,
which we wrote, with `-f text` on one thread: for the page twice, less once, as the
first page of a process lays out the model. counts.json holds the figures that were
committed to, of the build that the tests make: with CI that costs no second one, and
what costs there costs in a release build. A figure that is more than 3 % off is named,
and the exit code is 1. They are those of one compiler, which is named beside them:
with another one they are printed and not held. After a change that is meant to cost or
to save, update them.
"""

import argparse
import json
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent
COUNTS = HERE / "counts.json"
PAGES = HERE / "../../datasets/sampler/html"
HOW_MANY = 10
WITHIN = 0.03


def count(dehusk, pages):
    with tempfile.TemporaryDirectory() as scratch:
        out = pathlib.Path(scratch) / "callgrind"
        said = subprocess.run(
            ["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}",
             "--toggle-collect=dehusk::extract::Extractor::extract", dehusk, "extract", "--no-config", "-q",
             "-j", "1", "-f", "text", *pages],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        if said.returncode != 0:
            sys.exit(f"{pages}: {said.stderr}")
        totals = re.search(r"^(?:summary|totals): (\d+)", out.read_text(), re.MULTILINE)
        return int(totals.group(1))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dehusk")
    parser.add_argument("--update", action="store_true", help="commit to what is counted")
    args = parser.parse_args()
    pages = sorted(PAGES.glob("*.html"))
    step = max(1, len(pages) // HOW_MANY)
    pages = pages[::step][:HOW_MANY]
    found = {page.name: count(args.dehusk, [page, page]) - count(args.dehusk, [page]) for page in pages}
    compiler = subprocess.run(["rustc", "--version"], capture_output=True, text=True, check=True).stdout.strip()
    if args.update:
        COUNTS.write_text(json.dumps({"compiler": compiler, "pages": found}, indent=1) + "\n")
        return
    counts = json.loads(COUNTS.read_text())
    committed = counts["pages"]
    off = False
    for name, now in found.items():
        then = committed.get(name)
        if then is None:
            print(f"{name}: {now:,}, not committed to yet")
            off = True
            continue
        change = now / then - 1
        off |= abs(change) > WITHIN
        print(f"{name}: {now:,} ({change:+.1%}){' !' if abs(change) > WITHIN else ''}")
    if off and compiler != counts["compiler"]:
        print(f"not held against the committed counts: those are of {counts['compiler']}, this is {compiler}")
    elif off:
        sys.exit("counts are off by more than 3 %: mend what costs, or commit to them with --update")


if __name__ == "__main__":
    main()
