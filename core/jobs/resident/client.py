"""Questions to the resident worker, as a page asks them: started if need be, answered in parts, cancelled. Light."""

from __future__ import annotations

import contextlib
import json
import queue
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

from core.jobs import processes
from core.jobs.resident.protocol import CANCEL, Event, Request, address, line, wanted_file
from core.jobs.table import JobError
from core.messages import AmalgamError, Cancelled, _, _n
from core.workspace import Workspace, new_id

START_SECONDS = 30.0  # to be there and to listen
ALONE_SECONDS = 4.0  # how long a dispatcher may be missing
STOP_SECONDS = 5.0  # after which a cancelled question is not waited for
AGAIN_SECONDS = 2.0  # between wishes for a worker: one that was just leaving does not count
LOOK_SECONDS = 0.05


class Unanswered(AmalgamError):
    """The resident worker did not answer, or answered that it can't."""

    code = "unanswered"

    @classmethod
    def told(cls, error: JobError) -> Unanswered:
        """What the worker said went wrong."""
        made = cls("")
        made.code, made.message, made.hint = error.code, error.message, error.hint
        return made


class Call:
    """One question under way; its parts are collected in a thread of its own, whatever the page does meanwhile.

    Attributes
    ----------
    parts : list of dict
        The partial answers so far.
    result : dict or None
        The whole answer, once it is there.
    error : AmalgamError or None
        Why there will be none.
    """

    def __init__(self, workspace: Workspace, op: str, args: dict[str, Any], owner: str) -> None:
        self.workspace = workspace
        self.request = Request(id=new_id(), op=op, owner=owner, args=args)
        self.parts: list[dict[str, Any]] = []
        self.result: dict[str, Any] | None = None
        self.error: AmalgamError | None = None
        self._news: queue.Queue[None] = queue.Queue()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._collect, name=f"call-{op}", daemon=True)
        self._thread.start()

    @property
    def active(self) -> bool:
        """Whether more is to come."""
        return self.result is None and self.error is None

    def wait(self, seconds: float, *, parts: int | None = None) -> None:
        """Until the answer is there, or at least so many parts, or the time is over."""
        end = time.monotonic() + seconds
        while self.active and (parts is None or len(self.parts) < parts) and (left := end - time.monotonic()) > 0:
            try:
                self._news.get(timeout=left)
            except queue.Empty:
                return

    def cancel(self) -> None:
        """Stop it; the answer is then the error `Cancelled`."""
        self._stopped.set()

    def _collect(self) -> None:
        try:
            for event in _answers(self.workspace, self.request, self._stopped):
                if event.event == "partial":
                    self.parts.append(event.data)
                else:
                    self.result = event.data
                self._news.put(None)
            if self.active:
                self.error = _ended()
        except AmalgamError as error:
            self.error = error
        except Exception as error:  # a page waits for an answer: it must get one, and the log the traceback
            self.error = Unanswered(_("This is our fault: the answer could not be read ({name})."), name=repr(error))
            raise
        finally:
            self._news.put(None)


def ask(workspace: Workspace, op: str, args: dict[str, Any], owner: str, *, timeout: float = 60.0) -> dict[str, Any]:
    """The whole answer to one question.

    Parameters
    ----------
    op : str
        One of `catalog.RESIDENT_OPS`.
    timeout : float
        Seconds, the start of the worker included.

    Raises
    ------
    AmalgamError
        There is none; its sentence says why.
    """
    call = Call(workspace, op, args, owner)
    call.wait(timeout)
    if call.result is not None:
        return call.result
    call.cancel()
    raise call.error or Unanswered(
        _n("The answer took longer than {n} second.", "The answer took longer than {n} seconds."), n=round(timeout)
    )


def _answers(workspace: Workspace, request: Request, stopped: threading.Event) -> Iterator[Event]:
    """The lines of an answer; asked once more if the worker dies before it has said anything."""
    for attempt in (1, 2):
        said = False
        with _connected(workspace, stopped) as connection, contextlib.suppress(ConnectionError):
            connection.sendall(line(request))
            for event in _events(connection, request, stopped):
                said = True
                yield event
                if event.event == "done":
                    return
        if said or attempt == 2:
            raise _ended()


def _events(connection: socket.socket, request: Request, stopped: threading.Event) -> Iterator[Event]:
    """Lines of this request until the connection ends."""
    connection.settimeout(LOOK_SECONDS)
    buffer, cancelled = b"", 0.0
    while True:
        if stopped.is_set() and not cancelled:
            connection.sendall(line(Request(id=request.id, op=CANCEL)))
            cancelled = time.monotonic()
        if cancelled and time.monotonic() - cancelled > STOP_SECONDS:
            raise Cancelled(_("This was cancelled."))
        try:
            received = connection.recv(65536)
        except TimeoutError:
            continue
        if not received:
            return
        *lines, buffer = (buffer + received).split(b"\n")
        for text in lines:
            event = Event.model_validate_json(text)
            if event.event == "error":
                raise _told(event)
            yield event


def _connected(workspace: Workspace, stopped: threading.Event) -> socket.socket:
    """A connection to the worker, which is asked for if nobody listens."""
    began, asked = time.monotonic(), float("-inf")
    while not stopped.is_set():
        place = address(workspace)
        if place is not None:
            connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            try:
                connection.connect(place)
            except OSError:  # it has left, or has not bound yet
                connection.close()
            else:
                return connection
        if time.monotonic() - asked > AGAIN_SECONDS:
            wanted_file(workspace).touch()
            asked = time.monotonic()
        waited = time.monotonic() - began
        alone = processes.find(*processes.read_pid(processes.lock_file(workspace.home))) is None
        if waited > START_SECONDS or (alone and waited > ALONE_SECONDS):
            raise Unanswered(
                _("The worker that answers at once did not start."),
                _("Try again; if that does not help, restart Amalgam."),
            )
        time.sleep(LOOK_SECONDS)
    raise Cancelled(_("This was cancelled."))


def _told(event: Event) -> AmalgamError:
    error = JobError.from_json(json.dumps(event.data))
    if error is None:
        return _ended()
    return Cancelled(error.message.id) if error.code == Cancelled.code else Unanswered.told(error)


def _ended() -> Unanswered:
    return Unanswered(
        _("The worker that answers at once ended before it had answered."),
        _("Try again. If it happens again, the model may need more memory than there is."),
    )
