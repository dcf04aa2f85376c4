#!/usr/bin/env python3
"""How fast dehusk and its peers are on the same pages, by turns, in one run.

    python3 speed.py --dehusk ../../target/release/dehusk --peers DIR FOLDER

FOLDER holds pages (`.html`), DIR is where `predict` installs the peers (it says where;
`predict` must have run each once). Every program gets the same list of pages, on one
core, once a round, and writes a line of JSON with the text of each; dehusk runs once as
`extract -f text` and once with metadata too. "parsing alone" is html5ever's tokenizer and
tree builder into scraper's tree, as dehusk-peers is built with. Time is that of the
processor (user and system), less what the program takes to start with no page at all, so
that what else the machine does counts little. A table in Markdown gives the median of
the rounds, the least and the most; ratios are of the same round.

Below it, how dehusk's cost grows: with the number of pages (parts of the list), and with
their size (quarters of the list, by bytes).
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent


def run(command, asked, core, may_fail=False):
    """Seconds of the processor, and peak memory in MiB; ends where the program failed."""
    with tempfile.TemporaryFile() as out, open(asked, "rb") as requests:
        process = subprocess.Popen(
            command, stdin=requests, stdout=out, stderr=subprocess.DEVNULL,
            preexec_fn=lambda: os.sched_setaffinity(0, {core}))
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0 and not may_fail:
            sys.exit(f"{command} failed with {process.returncode}")
        return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def spread(values, digits):
    values = sorted(values)
    middle, least, most = statistics.median(values), values[0], values[-1]
    return f"{middle:.{digits}f} ({least:.{digits}f} to {most:.{digits}f})"


class Lists:
    """Lists of pages, as dehusk takes them and as a peer's worker does."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.number = 0

    def write(self, pages):
        self.number += 1
        names = self.folder / f"{self.number}.txt"
        names.write_text("".join(f"{page}\n" for page in pages))
        requests = self.folder / f"{self.number}.jsonl"
        requests.write_text("".join(json.dumps({"path": str(page), "url": None}) + "\n" for page in pages))
        return names, requests


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--dehusk", required=True)
    parser.add_argument("--peers", required=True, type=pathlib.Path)
    parser.add_argument("--without", action="append", default=[], metavar="NAME", help="leaves a program out")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--pages", type=int, help="so many pages, spread over the folder")
    parser.add_argument("--core", type=int, default=0)
    args = parser.parse_args()

    pages = sorted(args.folder.resolve().rglob("*.html"))
    if args.pages:
        pages = pages[:: max(1, len(pages) // args.pages)][: args.pages]
    if not pages:
        sys.exit(f"{args.folder}: no page (*.html)")
    megabytes = sum(page.stat().st_size for page in pages) / 1e6

    rust = str(args.peers / "rust" / "release" / "dehusk-peers")
    python = [str(args.peers / "python" / "bin" / "python"), str(HERE / "python" / "extractors.py")]
    dehusk = [args.dehusk, "extract", "--no-config", "--quiet", "--threads", "1", "--from-file"]
    programs = {
        "dehusk": [*dehusk, "{}", "-f", "text"],
        "dehusk, with metadata": [*dehusk, "{}", "-f", "jsonl"],
        "parsing alone": [rust, "parsing"],
        "resiliparse": [*python, "resiliparse"],
        "dom_smoothie": [rust, "dom_smoothie"],
        "rs-trafilatura": [rust, "rs-trafilatura"],
        "trafilatura": [*python, "trafilatura"],
    }
    programs = {name: command for name, command in programs.items() if name not in args.without}

    with tempfile.TemporaryDirectory() as folder:
        lists = Lists(folder)
        nothing = lists.write([])

        def measured(name, asked):
            def once(asked, may_fail=False):
                command = [part.replace("{}", str(asked[0])) for part in programs[name]]
                return run(command, asked[1], args.core, may_fail)

            # dehusk calls it an error to be given no page.
            start, _ = once(nothing, may_fail=True)
            seconds, peak = once(asked)
            return max(seconds - start, 1e-6), peak

        everything = lists.write(pages)
        seconds = {name: [] for name in programs}
        memory = {name: 0.0 for name in programs}
        for round in range(args.rounds):
            for name in programs:
                took, peak = measured(name, everything)
                seconds[name].append(took)
                memory[name] = max(memory[name], peak)
                print(f"round {round + 1}: {name}: {took:.1f} s", file=sys.stderr)

        print(f"{len(pages)} pages, {megabytes:.0f} MB, {args.rounds} rounds\n")
        print("| | pages/s | MB/s | peak memory, MiB | dehusk's pace to its |")
        print("|---|---:|---:|---:|---:|")
        for name, took in seconds.items():
            pace = spread([len(pages) / s for s in took], 1)
            flow = spread([megabytes / s for s in took], 1)
            ratio = spread([theirs / ours for theirs, ours in zip(took, seconds["dehusk"])], 2)
            print(f"| {name} | {pace} | {flow} | {memory[name]:.0f} | {'' if name == 'dehusk' else ratio} |")

        print("\n| dehusk on | MB | pages/s | MB/s | peak memory, MiB |")
        print("|---|---:|---:|---:|---:|")
        by_size = sorted(pages, key=lambda page: page.stat().st_size)
        quarter = max(1, len(pages) // 4)
        parts = {f"every {step}th page" if step > 1 else "all pages": pages[::step] for step in (16, 4, 1)}
        parts |= {f"quarter {i + 1} by size": by_size[i * quarter : (i + 1) * quarter] for i in range(4)}
        for name, part in parts.items():
            size = sum(page.stat().st_size for page in part) / 1e6
            asked = lists.write(part)
            rounds = [measured("dehusk", asked) for _ in range(args.rounds)]
            pace = spread([len(part) / s for s, _ in rounds], 1)
            flow = spread([size / s for s, _ in rounds], 1)
            print(f"| {name} | {size:.1f} | {pace} | {flow} | {max(peak for _, peak in rounds):.0f} |")


if __name__ == "__main__":
    main()
