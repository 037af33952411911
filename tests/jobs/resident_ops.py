"""Tiny questions for the tests: ``--ops tests.jobs.resident_ops:OPS``."""

import os
import time

from core.catalog import ResidentOp
from core.messages import UnusableData, _


def echo(args, question):
    return {"args": args, "owner": question.owner, "pid": os.getpid(), "nice": os.nice(0)}


def steps(args, question):
    """A part per step, as text that is being written."""
    for step in range(args["n"]):
        question.partial({"step": step})
        time.sleep(args.get("seconds", 0.01))
    return {"steps": args["n"]}


def opened(args, question):
    """How often the thing of this name has been opened."""
    with question.held.use(args["name"], lambda: os.urandom(8).hex(), question.check) as thing:
        return {"thing": thing}


def wrong(args, question):
    raise UnusableData(_("Row {row} is missing."), _("Add it."), row=3)


def broken(args, question):
    raise ZeroDivisionError("secret details")


def endless_number(args, question):
    return {"number": float("nan")}


def die(args, question):
    os.kill(os.getpid(), 9)


def greedy(args, question):
    hoard = []
    while True:
        question.check()
        hoard.append(bytearray(os.urandom(1000)) * 20_000)
        time.sleep(0.02)


_FUNCTIONS = (echo, steps, opened, wrong, broken, endless_number, die, greedy)
OPS = {f.__name__: ResidentOp(f.__name__, f"tests.jobs.resident_ops:{f.__name__}") for f in _FUNCTIONS}
