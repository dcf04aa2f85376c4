#!/usr/bin/env python3
"""Runs extractors on hostile pages, each page in a process of its own.

    run.py FOLDER NAME=COMMAND [NAME=COMMAND ...]

FOLDER is what make.py wrote. A COMMAND is a worker as ../peers/drive.py describes
one (it says its name, reads a line {"path", "url"} and answers with one), or any
program that prints the text of the page whose path takes the place of `{}`:

    run.py hostile-pages dehusk='dehusk --no-config extract {}' \\
        trafilatura='venv/bin/python ../peers/python/extractors.py trafilatura'

A page has 30 seconds of a processor and 4 GB of addresses. The tools take turns on
each page. Prints a table in Markdown: seconds of a processor, so that what else the
machine does counts little (a worker's without its start), peak memory of the process,
and what went wrong: how many of the page's marker words the text lacks, a crash, an
error, the end of the time.
"""

import json
import os
import resource
import shlex
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

SECONDS = 30
# Of the clock: of a tool that waits, or on a machine with other work.
AT_MOST = 600
ADDRESSES = 4_000_000_000


def bounded():
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESSES, ADDRESSES))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def used(pid):
    """Seconds of a processor that a process has used (proc(5), utime and stime)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def run(command, page):
    """Seconds, megabytes, text or None, and what went wrong."""
    is_worker = "{}" not in command
    arguments = [part.replace("{}", str(page)) for part in shlex.split(command)]
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            arguments,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=said,
            preexec_fn=bounded,
        )
        start = 0.0
        if is_worker:
            process.stdout.readline()
            start = used(process.pid)
        late = threading.Event()

        def give_up():
            late.set()
            process.kill()

        timer = threading.Timer(AT_MOST, give_up)
        timer.start()
        try:
            if is_worker:
                request = json.dumps({"path": str(page), "url": None})
                process.stdin.write(request.encode() + b"\n")
                process.stdin.flush()
                out = process.stdout.readline()
            else:
                process.stdin.close()
                out = process.stdout.read()
        except BrokenPipeError:
            out = b""
        # An answer is all that is wanted of a worker.
        if is_worker and out:
            process.kill()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        timer.cancel()
        taken = usage.ru_utime + usage.ru_stime - start
        process.stdout.close()
        megabytes = usage.ru_maxrss / 1000
        said.seek(0)
        message = said.read().decode("utf-8", "replace")
    if late.is_set() or process.returncode == -signal.SIGXCPU:
        return taken, megabytes, None, "time over"
    if is_worker and out:
        answer = json.loads(out)
        if "text" not in answer:
            return taken, megabytes, None, "error"
        return taken, megabytes, answer["text"], ""
    if process.returncode < 0:
        return taken, megabytes, None, f"crash ({signal.Signals(-process.returncode).name})"
    if process.returncode > 0 or is_worker:
        kind = "panic" if "panicked" in message else "error"
        return taken, megabytes, None, f"{kind} ({process.returncode})"
    return taken, megabytes, out.decode("utf-8", "replace"), ""


def cell(words, result):
    taken, megabytes, text, wrong = result
    if text is not None:
        missing = sum(word not in text for word in words)
        wrong = f"**{missing} of {len(words)} lost**" if missing else ""
    elif wrong:
        wrong = f"**{wrong}**"
    return ", ".join(filter(None, [f"{taken:.2f} s", f"{megabytes:.0f} MB", wrong]))


def main():
    folder = Path(sys.argv[1])
    tools = [argument.split("=", 1) for argument in sys.argv[2:]]
    if not tools:
        sys.exit(__doc__)
    words = json.loads((folder / "words.json").read_text(encoding="utf-8"))
    print("| page | MB | " + " | ".join(name for name, _ in tools) + " |")
    print("|---" * (2 + len(tools)) + "|")
    worst = {name: [0.0, 0.0, 0, 0] for name, _ in tools}
    for page in sorted(folder.glob("*.html")):
        wanted = words[page.stem]
        cells = []
        for name, command in tools:
            result = run(command, page)
            cells.append(cell(wanted, result))
            taken, megabytes, text, _ = result
            of = worst[name]
            of[0], of[1] = max(of[0], taken), max(of[1], megabytes)
            of[2] += text is None
            of[3] += text is not None and any(word not in text for word in wanted)
        size = page.stat().st_size / 1e6
        print(f"| {page.stem} | {size:.1f} | " + " | ".join(cells) + " |", flush=True)
    summary = (
        f"{taken:.1f} s, {megabytes:.0f} MB at worst; {failed} failed, {lost} lost words"
        for taken, megabytes, failed, lost in worst.values()
    )
    print("| **all** | | " + " | ".join(summary) + " |")


if __name__ == "__main__":
    main()
