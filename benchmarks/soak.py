"""The load again and again: does the server grow?

    python -m benchmarks.soak [--minutes 60] [--sessions 20] [--training 1]

Each minute: sessions that go from page to page (`benchmarks.load`), others that come and go, and quick jobs; then
memory, threads and open files of the web process, the megabytes of its home and how many jobs have ended, as one line
of JSON. The first quarter is left to what is loaded once and what is kept for a while; after that nothing may grow
beyond its bound. The last line judges, in words, and says how fast each grew.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import psutil

from benchmarks._machine import machine
from benchmarks.load import People, at_work, come_and_go, serving, tracebacks

MINUTE = 60.0
OPENINGS, JOBS = 10, 4  # in a minute
GROWTH = {"megabytes": 50.0, "threads": 10.0, "files": 20.0}  # from the end of the first quarter to the end
SLOPE_MINUTES = 10.0  # less says little of an hour
HOME = "home_megabytes"
HOME_MB_PER_JOB = 1.0  # runs and logs are kept for days; a training here leaves .6


@dataclass(frozen=True)
class Taken:
    """What a server takes at a moment."""

    minute: float
    megabytes: float
    threads: int
    files: int
    home_megabytes: float
    jobs: int  # that have ended


def taken(people: People, minute: float) -> Taken:
    web = psutil.Process(people.server.process.pid)
    home = 0
    for path in people.workspace.home.rglob("*"):
        try:
            home += path.stat().st_size if path.is_file() else 0
        except OSError:  # it has gone meanwhile
            continue
    with people.workspace.reading() as database:
        ended = database.execute("SELECT count(*) FROM jobs WHERE ended IS NOT NULL").fetchone()[0]
    megabytes = web.memory_info().rss / 1e6
    return Taken(round(minute, 1), round(megabytes, 1), web.num_threads(), web.num_fds(), round(home / 1e6, 1), ended)


def grown(records: list[Taken]) -> list[str]:
    """What grew beyond its bound, in words."""
    begin, end = warm(records)[0], records[-1]
    found = [
        f"{name} grew from {getattr(begin, name)} to {getattr(end, name)}; {most:g} more are allowed"
        for name, most in GROWTH.items()
        if getattr(end, name) - getattr(begin, name) > most
    ]
    allowed = HOME_MB_PER_JOB * (end.jobs - begin.jobs)
    if end.home_megabytes - begin.home_megabytes > allowed:
        found.append(f"the home grew from {begin.home_megabytes} to {end.home_megabytes} MB; {allowed:.0f} are allowed")
    return found


def warm(records: list[Taken]) -> list[Taken]:
    """What was taken after the first quarter; the very first is before any load."""
    return records[max(1, len(records) // 4) :]


def per_hour(records: list[Taken]) -> dict[str, float]:
    """How much each grew in an hour after the first quarter, by least squares; nothing in a short run."""
    kept = warm(records)
    if kept[-1].minute - kept[0].minute < SLOPE_MINUTES:
        return {}
    minutes = [one.minute for one in kept]
    slopes = {name: np.polyfit(minutes, [getattr(one, name) for one in kept], 1)[0] for name in (*GROWTH, HOME)}
    return {name: round(60 * float(slope), 1) + 0.0 for name, slope in slopes.items()}


def judgement(records: list[Taken], wrong: list[str]) -> str:
    """Whether the server stood it, in words."""
    end, slopes = records[-1], per_hour(records)
    pace = ", ".join(f"{name.replace('_', ' ')} {slope:+g}" for name, slope in slopes.items())
    told = f"After the first quarter, in an hour: {pace}." if pace else "Too short to say how fast anything grows."
    verdict = f"FAILED: {'; '.join(wrong)}." if wrong else "PASSED: nothing grew beyond its bound, and nothing failed."
    return f"{verdict} {told} ({end.minute:g} minutes; at the end {end.megabytes:.0f} MB, {end.threads} threads)"


def soaked(people: People, options: argparse.Namespace) -> tuple[list[Taken], list[str]]:
    """Load for so many minutes.  →  what was taken each minute, and the errors that sessions saw"""
    begun, records, errors = time.monotonic(), [taken(people, 0.0)], [f"training {run} failed" for run in people.failed]
    chance = random.Random(options.seed)

    async def minute() -> None:
        both = await asyncio.gather(
            at_work(people, options.sessions, MINUTE, chance, options.training),
            come_and_go(people, OPENINGS, JOBS, at_once=1),
        )
        errors.extend(error for seen in both for error in seen.errors)

    while time.monotonic() - begun < MINUTE * options.minutes:
        asyncio.run(minute())
        records.append(taken(people, (time.monotonic() - begun) / MINUTE))
        print(json.dumps(asdict(records[-1])), flush=True)
    return records, errors


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--minutes", type=float, default=60.0)
    for name, default in (("sessions", 20), ("people", 5), ("training", 1), ("seed", 0)):
        parser.add_argument(f"--{name}", type=int, default=default)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:  # or nothing would be judged
        with serving(Path(folder), options.people, options.training > 0) as people:
            records, errors = soaked(people, options)
        n_tracebacks = tracebacks(Path(folder, "server.log"))
    wrong = grown(records) + errors[:10] + ([f"{n_tracebacks} tracebacks in the log"] if n_tracebacks else [])
    told = {"minutes": records[-1].minute, "errors": len(errors), "wrong": wrong, "per_hour": per_hour(records)}
    print(json.dumps(told | {"machine": machine()}))
    print(judgement(records, wrong))
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
