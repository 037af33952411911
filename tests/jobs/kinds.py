"""Tiny kinds of work for the tests: ``--kinds tests.jobs.kinds:KINDS``."""

import ctypes
import errno
import os
import signal
import subprocess
import time

import numpy as np
from pydantic import BaseModel

from core.catalog import JobKind
from core.messages import UnusableData, _, say


class Params(BaseModel):
    n: int = 3
    name: str = ""


def count(params, context):
    """Write one file per step, and none twice; each step leaves the attempt's pid behind."""
    for step in range(params["n"]):
        path = context.folder / f"{step}.txt"
        if not path.exists():
            path.write_text(str(os.getpid()))
            time.sleep(0.05)
        context.progress(say(_("Counting")), (step + 1) / params["n"], say("{n}", n=step))


def publish(params, context):
    """Like `count`, with a result that can be looked at from the start."""
    (context.folder / "result.json").write_text("{}")
    count(params, context)


def quick(params, context):
    (context.folder / "done.txt").write_text("yes")


def stubborn(params, context):
    """Neither the flag nor SIGTERM makes it stop."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    (context.folder / "started").touch()
    while True:
        time.sleep(0.05)


def held(params, context):
    """A call of a library in C that holds the interpreter: no other thread of Python runs meanwhile."""
    (context.folder / "started").touch()
    ctypes.PyDLL(None).sleep(300)


def factored(params, context):
    """A call of a numeric library that lets go of the interpreter, and takes minutes."""
    matrix = np.random.default_rng(0).normal(size=(4000, 4000))
    (context.folder / "started").touch()
    np.linalg.svd(matrix)


def wrong_data(params, context):
    raise UnusableData(_("Row {row} is missing."), _("Add it."), row=3)


def broken(params, context):
    raise ZeroDivisionError("secret details")


def disk_full(params, context):
    raise OSError(errno.ENOSPC, "No space left on device")


def greedy(params, context):
    """Grow beyond any limit a test sets, by pages that are really used."""
    hoard = []
    while True:
        hoard.append(bytearray(os.urandom(1000)) * 20_000)
        time.sleep(0.02)


def crash(params, context):
    os.kill(os.getpid(), signal.SIGSEGV)


def children(params, context):
    """Start a process of its own and wait."""
    child = subprocess.Popen(["sleep", "300"])
    (context.folder / "child").write_text(str(child.pid))
    time.sleep(300)


def forked(params, context):
    """So many megabytes, which a child of its own holds, too."""
    hoard = bytearray(os.urandom(1000)) * (1000 * params["n"])
    if os.fork() == 0:
        (context.folder / "child").touch()
    time.sleep(300)
    assert hoard


_FUNCTIONS = (quick, count, stubborn, wrong_data, broken, disk_full, greedy, crash, children, held, factored, forked)
KINDS = {f.__name__: JobKind(f.__name__, f.__name__, f"tests.jobs.kinds:{f.__name__}", "heavy") for f in _FUNCTIONS}
KINDS["compare"] = JobKind("compare", "compare", "tests.jobs.kinds:publish", "heavy")
KINDS["endless"] = JobKind("endless", "endless", "tests.jobs.kinds:stubborn", "light", minutes=0.03)
KINDS["light"] = JobKind("light", "light", "tests.jobs.kinds:quick", "light")
