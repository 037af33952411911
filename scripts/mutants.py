"""Mutation testing: small faults are planted in a copy of the code, one at a time, to see whether a test notices.

A random sample of all possible faults is tried (seeded, so the same sample for the same code). First the tests run once
without a fault, and for each it is noted which functions it calls: a fault is tried on those that reach it, those of
the mirrored place and the quick ones first, until one fails. What was tried stands in ``build/mutants/log.jsonl``; a
run that is stopped goes on where it was.
"""

from __future__ import annotations

import argparse
import difflib
import hashlib
import importlib
import itertools
import json
import math
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NoReturn

import psutil
import pytest

from scripts.faults import Fault, faults, importers

ROOT = Path(__file__).parent.parent
PLACES = ("fuse", "compare", "encode", "results", "evaluate", "explain")  # of core, and of tests
KEPT = ROOT / "build" / "mutants"
MOST_SECONDS = 40.0  # of tests, as they took without a fault, that one fault is tried on
HEAVY = ("torch", "transformers", "sklearn.ensemble", "scipy.stats", "pandas", "pyarrow.parquet", "lightgbm", "optuna")
QUIET = {"OMP_NUM_THREADS": "1", "OMP_WAIT_POLICY": "PASSIVE", "ONEDNN_MAX_CPU_ISA": "AVX512_CORE_BF16"}  # as in tests
SLACK_SECONDS = 60.0  # to start; a fault that takes three times as long as usual beyond it is noticed, too
WAITING = 5.0  # times as long may pass on the clock
# Which tests reach what: in the run without a fault this file is a plugin of pytest


class Calls:
    """For each test its seconds and the functions it calls; what fixtures call counts for every test of the file."""

    def __init__(self, root: Path) -> None:
        self.core, self.root = str(root / "core") + os.sep, root
        self.seconds: dict[str, float] = {}
        self.called: dict[str, set[str]] = {}  # by test, and by file
        self.failed: set[str] = set()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Iterator[None]:
        yield from self._listening(item, item.nodeid.split("::")[0])

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Iterator[None]:
        yield from self._listening(item, item.nodeid)

    def _listening(self, item: pytest.Item, whose: str) -> Iterator[None]:
        into, core = self.called.setdefault(whose, set()), self.core

        def hear(frame: Any, event: str, _argument: object) -> None:
            if event == "call" and frame.f_code.co_filename.startswith(core):
                into.add(f"{frame.f_code.co_filename}:{frame.f_code.co_firstlineno}")

        began = time.monotonic()
        threading.setprofile(hear)
        sys.setprofile(hear)
        try:
            yield
        finally:
            sys.setprofile(None)
            threading.setprofile(None)
            self.seconds[item.nodeid] = self.seconds.get(item.nodeid, 0.0) + time.monotonic() - began

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed.add(report.nodeid)

    def pytest_sessionfinish(self) -> None:
        sound = {test: seconds for test, seconds in self.seconds.items() if test not in self.failed}
        named = {
            test: sorted(one.removeprefix(str(self.root) + os.sep) for one in found)
            for test, found in self.called.items()
        }
        Path(os.environ["MUTANTS_MAP"]).write_text(
            json.dumps({"seconds": sound, "called": named, "failed": sorted(self.failed)})
        )


def pytest_configure(config: pytest.Config) -> None:
    """Listen, where this file is loaded as a plugin."""
    config.pluginmanager.register(Calls(config.rootpath))


@dataclass
class Reach:
    """Which tests a fault can be noticed by."""

    seconds: dict[str, float]
    called: dict[str, list[str]]
    failed: list[str]  # without any fault: they can't tell

    def tests(self, fault: Fault) -> list[str]:
        """Those that call its function; outside of any, what calls or is its file or one that imports it.

        The mirrored place and quick ones first.
        """
        if fault.function:
            hit = {whose for whose, found in self.called.items() if f"{fault.file}:{fault.function}" in found}
        else:
            near = importers(ROOT, fault.file)
            hit = {
                whose
                for whose, found in self.called.items()
                if whose.split("::")[0] in near or any(one.split(":")[0] in near for one in found)
            }
        tests = [test for test in self.seconds if test in hit or test.split("::")[0] in hit]
        place = f"tests/{fault.file.split('/')[1]}/"
        tests.sort(key=lambda test: (not test.startswith(place), self.seconds[test]))
        total = itertools.accumulate(self.seconds[test] for test in tests)
        return [test for test, so_far in zip(tests, total, strict=True) if so_far <= MOST_SECONDS] or tests[:1]


class Copy:
    """A copy of the working tree, in which faults are planted."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "tree"
        listed = subprocess.run(
            ["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT, capture_output=True, check=True
        ).stdout.decode()
        for name in filter(None, listed.split("\0")):
            if (ROOT / name).is_file():
                (self.root / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, self.root / name)

    def pytest(self, *arguments: str, seconds: float = math.inf, **environment: str) -> int | None:
        """The exit status of pytest, run in a child that has the heavy libraries loaded; None if it took too long.

        seconds: of processor time, so that a busy machine decides nothing; one that only waits may wait much longer.
        """
        child = os.fork()
        if not child:
            self._child(arguments, environment)
        used, ends = psutil.Process(child), time.monotonic() + WAITING * seconds
        while not (ended := os.waitpid(child, os.WNOHANG))[0]:
            if time.monotonic() > ends or sum(used.cpu_times()[:4]) > seconds:
                os.killpg(child, signal.SIGKILL)
                os.waitpid(child, 0)
                return None
            time.sleep(0.05)
        return os.waitstatus_to_exitcode(ended[1])

    def _child(self, arguments: tuple[str, ...], environment: dict[str, str]) -> NoReturn:
        os.setsid()
        os.environ.update(environment)
        sys.dont_write_bytecode = "MUTANTS_MAP" not in environment
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in (1, 2):
            os.dup2(nowhere, stream)
        os.chdir(self.root)
        sys.path[:] = [str(self.root), *(place for place in sys.path if place not in {"", str(ROOT)})]
        for name in [name for name in sys.modules if name.split(".")[0] == "scripts"]:
            del sys.modules[name]
        status = 3  # as of an error inside pytest
        try:
            status = int(pytest.main(["-q", *arguments]))
        finally:
            os._exit(status)

    def reach(self, tests: list[str]) -> Reach:
        """Run tests without a fault, unless this was done before with the same code."""
        files = sorted(path for name in ("core", "tests") for path in (self.root / name).rglob("*.py"))
        digest = hashlib.sha256(repr(tests).encode() + b"".join(path.read_bytes() for path in files)).hexdigest()[:16]
        kept = KEPT / f"reach-{digest}.json"
        if not kept.exists():
            print("Running the tests once without a fault …", flush=True)
            status = self.pytest("-p", "scripts.mutants", *tests, MUTANTS_MAP=str(kept))
            if status not in {0, 1} or not kept.exists():
                raise SystemExit("The tests can't be run.")
        found = Reach(**json.loads(kept.read_text()))
        print("".join(f"Fails without a fault, so it is left out: {test}\n" for test in found.failed), end="")
        return found

    def tried(self, fault: Fault, reach: Reach) -> dict[str, Any]:
        """Plant a fault, run the tests that reach it, take it out again.  →  a line of the log"""
        path, tests = self.root / fault.file, reach.tests(fault)
        before = path.read_text(encoding="utf-8")
        after = before[: fault.start] + fault.text + before[fault.end :]
        changed = list(difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm=""))[3:]
        line = {"id": fault.id, **asdict(fault), "diff": changed, "tests": len(tests)}
        if not tests:
            return {**line, "outcome": "survived", "seconds": 0.0}
        stamps, began = path.stat(), time.monotonic()
        path.write_text(after, encoding="utf-8")
        (self.root / "chosen.txt").write_text("\n".join(tests))
        try:
            allowed = SLACK_SECONDS + 3 * sum(reach.seconds[test] for test in tests)
            status = self.pytest("-x", "@chosen.txt", seconds=allowed)
            if status == pytest.ExitCode.USAGE_ERROR:  # a test has another name now
                status = self.pytest("-x", *dict.fromkeys(test.split("::")[0] for test in tests), seconds=allowed)
        finally:
            path.write_text(before, encoding="utf-8")
            os.utime(path, ns=(stamps.st_atime_ns, stamps.st_mtime_ns))  # what was compiled of it fits again
        outcome = {0: "survived", None: "too slow"}.get(status, "killed")
        return {**line, "outcome": outcome, "seconds": round(time.monotonic() - began, 1)}


def shown(line: dict[str, Any]) -> str:
    """What was tried, and what became of it, in a few lines."""
    where = f"{line['file']}:{line['line']}"
    head = f"{line['outcome']:9} {where} ({line['operator']}, {line['tests']} tests, {line['seconds']} s)"
    return "\n".join([head, *(f"    {one}" for one in line["diff"])])


def main() -> None:
    """Try a sample, and say what share was noticed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sample", type=int, default=200, help="how many faults (default: 200)")
    parser.add_argument("--first", type=int, help="try only so many of the sample now")
    parser.add_argument("--part", default="1/1", help="such as 1/2 and 2/2, to try a sample in two processes at once")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", default="", help="only files whose path begins so, such as core/fuse")
    parser.add_argument("--again", action="store_true", help="try those once more that survived before")
    parser.add_argument("--tests", nargs="+", default=[f"tests/{place}" for place in PLACES], help="what may notice")
    options = parser.parse_args()
    KEPT.mkdir(parents=True, exist_ok=True)
    log = KEPT / "log.jsonl"
    known = {one["id"]: one for one in map(json.loads, log.read_text().splitlines())} if log.exists() else {}
    every = [
        fault
        for fault in faults(ROOT, tuple(f"core/{place}" for place in PLACES))
        if fault.file.startswith(options.only)
    ]
    sample = random.Random(options.seed).sample(every, min(options.sample, len(every)))[: options.first]
    done = {name for name, one in known.items() if not (options.again and one["outcome"] == "survived")}
    part, parts = map(int, options.part.split("/"))
    sample = sample[part - 1 :: parts]
    wanted = [fault for fault in sample if fault.id not in done]
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        copy = Copy(Path(folder))
        os.environ.update(QUIET)
        for library in HEAVY if wanted else ():
            importlib.import_module(library)
        reach = copy.reach(options.tests) if wanted else None
        for fault in wanted:
            assert reach is not None
            known[fault.id] = copy.tried(fault, reach)
            print(shown(known[fault.id]), flush=True)
            with log.open("a") as file:
                file.write(json.dumps(known[fault.id]) + "\n")
    lines = [known[fault.id] for fault in sample]
    survived = sorted(
        (one for one in lines if one["outcome"] == "survived"), key=lambda one: (one["file"], one["line"])
    )
    print("\nNot noticed:", *map(shown, survived), sep="\n")
    n, share = len(lines), 1 - len(survived) / max(1, len(lines))
    print(f"\nNoticed: {n - len(survived)} of {n} ({share:.0%}), of {len(every)} that can be planted.")


if __name__ == "__main__":
    main()
