#!/usr/bin/env python3
"""How fast a WARC becomes JSON lines: dehusk and its peers, by turns, in one run.

    python3 throughput.py --dehusk ../../target/release/dehusk \\
        --python DIR/python/bin/python crawl.warc.gz

Every program runs --rounds times, in turn, each on one core, and dehusk on all cores
as well. A table gives pages a second (the median, least and most of the rounds), peak
memory, and the ratio to each peer. --python is the environment that
`../peers/predict` installs.
"""

import argparse
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).parent


def run(command, environment, core):
    """Seconds, and the peak of resident memory in MiB."""

    def pin():
        if core is not None:
            os.sched_setaffinity(0, {core})

    started = time.monotonic()
    process = subprocess.Popen(command, env=environment, preexec_fn=pin, stderr=subprocess.PIPE)
    said = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.monotonic() - started
    if process.returncode != 0:
        sys.exit(f"{command} failed: {said.decode(errors='replace')}")
    return seconds, usage.ru_maxrss / 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("warc")
    parser.add_argument("--dehusk", required=True)
    parser.add_argument("--python", required=True)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--core", type=int, default=0)
    args = parser.parse_args()

    cores = len(os.sched_getaffinity(0))
    peer = [args.python, str(HERE / "peer.py")]
    dehusk = [args.dehusk, "extract", "--no-config", "--quiet", "-f", "jsonl"]
    programs = {
        "dehusk": lambda out: [*dehusk, "--threads", "1", args.warc, "-o", out],
        "fastwarc + resiliparse": lambda out: [*peer, "resiliparse", args.warc, out],
        "fastwarc + trafilatura": lambda out: [*peer, "trafilatura", args.warc, out],
        f"dehusk on {cores} cores": lambda out: [*dehusk, args.warc, "-o", out],
    }
    seconds = {name: [] for name in programs}
    memory = {name: [] for name in programs}
    lines = {}
    with tempfile.TemporaryDirectory() as folder:
        for at in range(args.rounds):
            for name, command in programs.items():
                out = os.path.join(folder, "out.jsonl")
                core = None if "cores" in name else args.core
                took, peak = run(command(out), dict(os.environ), core)
                seconds[name].append(took)
                memory[name].append(peak)
                with open(out, "rb") as file:
                    lines[name] = sum(1 for _ in file)
                os.remove(out)
                print(f"round {at + 1}: {name}: {took:.1f} s", file=sys.stderr)

    ours = statistics.median(seconds["dehusk"]) / lines["dehusk"]
    print("| | pages | pages/s | least to most | peak memory, MiB | dehusk is faster by |")
    print("|---|---|---|---|---|---|")
    for name in programs:
        rates = sorted(lines[name] / took for took in seconds[name])
        ratio = statistics.median(seconds[name]) / lines[name] / ours
        print(
            f"| {name} | {lines[name]} | {statistics.median(rates):.1f} | {rates[0]:.1f} to {rates[-1]:.1f} "
            f"| {max(memory[name]):.0f} | {'' if name == 'dehusk' else f'{ratio:.2f}'} |"
        )


if __name__ == "__main__":
    main()
