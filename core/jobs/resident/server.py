"""The resident worker: ``python -m core.jobs.resident.server``. It holds opened models and answers at once.

The dispatcher starts it and holds the other end of its input: it leaves when that closes, so it never outlives the
dispatcher; and after some idle minutes. One thread per connection reads requests, one per request answers it.
"""

from __future__ import annotations

import argparse
import contextlib
import faulthandler
import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import structlog

from core import catalog
from core.catalog import ResidentOp
from core.files import write_whole
from core.jobs import limits, logs, processes
from core.jobs.context import Context
from core.jobs.failures import explained
from core.jobs.resident.pool import Held
from core.jobs.resident.protocol import CANCEL, LONGEST_LINE, Event, Malformed, Request, address_file, line, parse
from core.jobs.worker import set_threads, start_guard
from core.messages import Cancelled, UnknownChoice, _
from core.workspace import Workspace

log = structlog.get_logger("resident")
LONGEST_ADDRESS = 100  # bytes that every system takes for the path of a socket
LOOK_SECONDS = 1.0


@dataclass
class Question(Context):
    """The world of one question, seen from inside; `job` is its id, and it has no folder to write to.

    Parameters
    ----------
    held : Held
        Opened models, shared by all questions.
    """

    held: Held = field(default_factory=lambda: Held(1))
    sink: Any = None  # (event, data) → None

    def partial(self, data: dict[str, Any]) -> None:
        """Send a part of the answer; every part is also a place to stop."""
        self.check()
        self.sink("partial", data)


class Connection:
    """One client: lines in, events out."""

    def __init__(self, residence: Residence, client: socket.socket) -> None:
        self.residence, self.client = residence, client
        self.lock = threading.Lock()
        self.asked: dict[str, threading.Event] = {}  # questions under way, and the wish to stop each

    def serve(self) -> None:
        """Read requests until the client leaves; then stop what it has asked for."""
        with contextlib.suppress(OSError), self.client, self.client.makefile("rb") as lines:
            while text := lines.readline(LONGEST_LINE + 1):
                if len(text) > LONGEST_LINE:
                    self.refuse("", Malformed(_("This request is too long.")))
                    break
                self.take(text)
        for stop in list(self.asked.values()):
            stop.set()

    def take(self, text: bytes) -> None:
        """One line from the client."""
        try:
            request = parse(text)
        except Malformed as error:
            self.refuse("", error)
            return
        if request.op == CANCEL:
            self.residence.cancel(request.id)
        elif not self.residence.begin(request, self):
            self.refuse(request.id, Malformed(_("A request of this id is being answered.")))

    def refuse(self, request: str, error: Exception) -> None:
        """An answer that is an error from the start."""
        self.send(Event(id=request, seq=0, event="error", data=json.loads(explained(error).to_json())))

    def send(self, event: Event) -> None:
        """One line to the client; one that has left needs none."""
        with self.lock, contextlib.suppress(OSError, ValueError):
            self.client.sendall(line(event))


class Residence:
    """The worker's loop: who is connected, what is being answered, and when to leave.

    Parameters
    ----------
    ops : mapping
        What it can be asked.
    idle_seconds : float
        It leaves after so long without a question.
    """

    def __init__(self, workspace: Workspace, ops: Mapping[str, ResidentOp], idle_seconds: float) -> None:
        self.workspace, self.ops, self.idle_seconds = workspace, ops, idle_seconds
        self.held = Held(limits.RESIDENT_KEPT)
        self.pool = ThreadPoolExecutor(limits.RESIDENT_AT_ONCE, thread_name_prefix="answer")
        self.under_way: dict[str, threading.Event] = {}
        self.lock = threading.Lock()
        self.last = time.monotonic()
        self.leaving = threading.Event()
        self.listener, self.folder = listen(workspace)

    def run(self) -> None:
        """Answer until told to leave or idle for long."""
        self.listener.settimeout(LOOK_SECONDS)
        while not self.leaving.is_set() and not self.idle():
            try:
                client, _address = self.listener.accept()
            except TimeoutError:
                continue
            client.settimeout(None)
            threading.Thread(target=Connection(self, client).serve, name="connection", daemon=True).start()
        self.close()

    def idle(self) -> bool:
        """Whether nothing has been asked for long."""
        return not self.under_way and time.monotonic() - self.last > self.idle_seconds

    def begin(self, request: Request, connection: Connection) -> bool:
        """Take a request up.  →  False if one of this id is being answered"""
        stop = threading.Event()
        with self.lock:
            if request.id in self.under_way:
                return False
            self.under_way[request.id] = connection.asked[request.id] = stop
        self.pool.submit(self.answer, request, connection, stop)
        return True

    def cancel(self, request: str) -> None:
        """Stop a question, if it is being answered or waits."""
        if stop := self.under_way.get(request):
            stop.set()

    def answer(self, request: Request, connection: Connection, stop: threading.Event) -> None:
        """Work on one request and send all its events."""
        seq = 0
        structlog.contextvars.bind_contextvars(owner=request.owner)  # the thread's next question has its own

        def send(event: str, data: dict[str, Any]) -> None:
            nonlocal seq
            connection.send(Event.model_validate({"id": request.id, "seq": seq, "event": event, "data": data}))
            seq += 1

        try:
            op = self.ops.get(request.op)
            if op is None:
                raise UnknownChoice(_("“{op}” is not something that can be asked."), op=request.op)
            question = Question(
                self.workspace, request.owner, request.id, Path(os.devnull), stop=stop.is_set, held=self.held, sink=send
            )
            question.check()
            send("done", catalog.load(op.run)(request.args, question))
        except Cancelled as failure:
            send("error", json.loads(explained(failure).to_json()))
        except Exception as failure:
            log.exception("failed", op=request.op)
            send("error", json.loads(explained(failure).to_json()))
        finally:
            with self.lock:
                self.under_way.pop(request.id, None)
                connection.asked.pop(request.id, None)
            self.last = time.monotonic()

    def close(self) -> None:
        """Stop every question and take the socket away."""
        for stop in list(self.under_way.values()):
            stop.set()
        self.listener.close()
        address_file(self.workspace).unlink(missing_ok=True)
        (self.folder / "resident.sock").unlink(missing_ok=True)
        if self.folder != self.workspace.home / "run":
            self.folder.rmdir()


def listen(workspace: Workspace) -> tuple[socket.socket, Path]:
    """A socket that only this user reaches, in the workspace or, where its path would be too long, beside it."""
    folder = workspace.home / "run"
    folder.chmod(0o700)
    if len(os.fsencode(folder / "resident.sock")) > LONGEST_ADDRESS:
        folder = Path(tempfile.mkdtemp(prefix="amalgam-"))
    place = folder / "resident.sock"
    place.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    before = os.umask(0o177)
    try:
        listener.bind(str(place))
    finally:
        os.umask(before)
    listener.listen(32)
    address = {"socket": str(place), "pid": os.getpid(), "started": processes.start_of(os.getpid())}
    write_whole(address_file(workspace), json.dumps(address))
    return listener, folder


def leave_with_dispatcher(residence: Residence) -> None:
    """End when the dispatcher has gone: its end of our input closes, however it ended."""
    while select.select([sys.stdin], [], [])[0]:
        if not os.read(sys.stdin.fileno(), 1024):
            break
    residence.leaving.set()
    time.sleep(3 * LOOK_SECONDS)
    os._exit(0)  # an answer that does not stop must not keep us


def known(table: str) -> Mapping[str, ResidentOp]:
    """What can be asked: the catalogue's, or what the import path ``module:NAME`` names."""
    if not table:
        return catalog.RESIDENT_OPS
    chosen: Any = catalog.load(table)
    return cast("Mapping[str, ResidentOp]", chosen)


def main(arguments: list[str] | None = None) -> int:
    """Listen, warm up, answer."""
    parser = argparse.ArgumentParser(prog="core.jobs.resident.server")
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--ops", default="")
    options = parser.parse_args(arguments)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    start_guard(options.home)
    faulthandler.enable()
    os.nice(limits.RESIDENT_NICENESS)
    set_threads(limits.slot_threads("heavy"))
    logs.configure()
    ops = known(options.ops)
    residence = Residence(Workspace(options.home), ops, limits.resident_idle_seconds())
    signal.signal(signal.SIGTERM, lambda *_args: residence.leaving.set())
    threading.Thread(target=leave_with_dispatcher, args=(residence,), daemon=True).start()
    for module in dict.fromkeys(module for op in ops.values() for module in op.warm):
        importlib.import_module(module)
    gc.collect()
    gc.freeze()
    residence.run()
    os._exit(0)


if __name__ == "__main__":
    sys.exit(main())
