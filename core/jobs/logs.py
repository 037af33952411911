"""What processes say of their work: one line an event, as text or, with ``AMALGAM_LOG_FORMAT=json``, as a JSON object.

All loggers end here, ours and those of libraries. As JSON no line holds what a person's table says: of an exception
there stand its type and where it came from; of a library that reads tables, the place in its code that spoke.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import re
import sys
import threading
import traceback
from collections.abc import Callable, Mapping, MutableMapping
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO, cast

import structlog

from core.messages import UnusableData, _, clip

FORMAT = "AMALGAM_LOG_FORMAT"
OURS = frozenset({"audit", "core", "dispatcher", "pages", "resident", "server", "worker"})
OF_SERVERS = frozenset({"asyncio", "streamlit", "uvicorn", "websockets"})  # tell of connections; their first line does
LONGEST = 500  # characters of a message or a field
MOST_PLACES = 30  # of an exception's way through the code
IDS = ("request", "owner", "job")
_WARNED = re.compile(r"(.+?:\d+: \w+)")  # how Python puts a warning: file:line: Category: text
_QUERY = re.compile(r"\?[^\s\"']+")  # of an address; what opens a link may stand in it
_of_process: dict[str, str] = {}  # what all lines of this process are about


def as_json() -> bool:
    """Whether lines are JSON.

    Raises
    ------
    UnusableData
        The setting names no format.

    Examples
    --------
    >>> as_json()
    False
    """
    chosen = os.environ.get(FORMAT, "").strip().lower()
    if chosen not in {"", "text", "json"}:
        raise UnusableData(_("{name} is “{value}”, which is neither text nor json."), name=FORMAT, value=clip(chosen))
    return chosen == "json"


def configure(known: Callable[[], Mapping[str, str]] = dict) -> Lines:
    """Send every line of this process to standard error.  →  where they go

    As JSON they go alone: what libraries print past their loggers is left out.

    Parameters
    ----------
    known : callable () → mapping
        Asked for each line: ids of what it is about.

    Examples
    --------
    >>> configure(lambda: {"request": "c0ffee"})  # doctest: +SKIP
    """
    lines = send_all(Lines(os.dup(2) if as_json() else 2), known)
    if as_json():
        to_nowhere()
    return lines


def send_all(lines: Lines, known: Callable[[], Mapping[str, str]] = dict) -> Lines:
    """Have all loggers of this process write to one place."""
    lines.setFormatter(Json(known) if as_json() else Text(known))
    logging.basicConfig(level=logging.INFO, handlers=[lines], force=True)
    logging.captureWarnings(True)
    structlog.configure(
        processors=[structlog.stdlib.add_log_level, _to_record],
        logger_factory=structlog.stdlib.LoggerFactory(),
    )
    if as_json():
        sys.excepthook = _uncaught
        threading.excepthook = lambda hook: _uncaught(hook.exc_type, hook.exc_value, hook.exc_traceback)
    return lines


def about(**ids: str) -> None:
    """Say what all lines of this process are about from now on, its threads' included.

    Examples
    --------
    >>> about(job="4d1f", owner="ann")  # doctest: +SKIP
    """
    _of_process.update(ids)
    structlog.contextvars.bind_contextvars(**ids)


class Lines(logging.Handler):
    """Whole lines into an open file, each in one write; it goes on when nothing more can be written.

    Parameters
    ----------
    place : int
        The file's descriptor.
    """

    def __init__(self, place: int) -> None:
        super().__init__()
        self.place = place

    def emit(self, record: logging.LogRecord) -> None:
        """Write a line; what is said matters less than what is done."""
        with contextlib.suppress(OSError):
            os.write(self.place, (self.format(record) + "\n").encode("utf-8", errors="replace"))

    def into(self, path: Path) -> None:
        """From here on lines go to a file and, as text, whatever else this process says does, too."""
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        except OSError:  # no room for another file: the work will say so
            handle = os.open(os.devnull, os.O_WRONLY)
        sys.stdout.flush()
        sys.stderr.flush()
        if as_json():
            os.dup2(handle, self.place)
        else:
            os.dup2(handle, 1)
            os.dup2(handle, 2)
        os.close(handle)


class Text(logging.Formatter):
    """A line to be read by people: what is known about it stands behind the words."""

    def __init__(self, known: Callable[[], Mapping[str, str]] = dict) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self.known = known

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 the standard library's name
        """The line without an exception."""
        told = "".join(f" {name}={value}" for name, value in (*_ids(self.known), *_fields(record).items()))
        return super().formatMessage(record) + told


class Json(logging.Formatter):
    """A line to be read by programs; what stands in it is told in docs/server.md."""

    def __init__(self, known: Callable[[], Mapping[str, str]] = dict) -> None:
        super().__init__()
        self.known = known

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        fields = _fields(record)
        ids = dict(_ids(self.known))
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": clip(_message(record), LONGEST),
            **{name: str(fields.pop(name, ids.get(name, ""))) for name in IDS},
            "exception": _exception(record.exc_info[1]) if record.exc_info and record.exc_info[1] else None,
            "fields": {name: clip(value, LONGEST) if isinstance(value, str) else value
                       for name, value in fields.items()},
        }  # fmt: skip
        return json.dumps(line, ensure_ascii=True, default=lambda value: type(value).__name__)


def to_nowhere() -> None:
    """Nobody reads what this process prints."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    os.close(nowhere)


def _to_record(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> dict[str, Any]:
    """structlog's event as the standard library takes it."""
    event.pop("level", None)
    return {"msg": event.pop("event"), "exc_info": event.pop("exc_info", None), "extra": {"told": event}}


def _ids(known: Callable[[], Mapping[str, str]]) -> list[tuple[str, str]]:
    found = {**_of_process, **structlog.contextvars.get_contextvars(), **known()}
    return [(name, str(found[name])) for name in IDS if found.get(name)]


def _fields(record: logging.LogRecord) -> dict[str, Any]:
    """What was told besides the words."""
    return dict(getattr(record, "told", {}))


def _message(record: logging.LogRecord) -> str:
    """The words of a line, if they are ours or a server's; else where in its code a library spoke."""
    root = record.name.split(".")[0]
    if root in OURS:
        args = record.args if isinstance(record.args, tuple) else ()
        harmless = tuple(type(one).__name__ if isinstance(one, BaseException) else one for one in args)
        return str(record.msg) % harmless if harmless else record.getMessage()
    if root in OF_SERVERS:
        return _QUERY.sub("?…", record.getMessage().partition("\n")[0])
    if record.name == "py.warnings" and (warned := _WARNED.match(record.getMessage())):
        return warned[1]
    return f"{record.pathname}:{record.lineno}"


def _exception(failure: BaseException) -> dict[str, Any]:
    """An exception without its words, which may hold a cell: its type, where it was, and what it came from."""
    frames = traceback.extract_tb(failure.__traceback__)[-MOST_PLACES:]
    cause = failure.__cause__ or (None if failure.__suppress_context__ else failure.__context__)
    return {
        "type": f"{type(failure).__module__}.{type(failure).__qualname__}",
        "places": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
        "cause": f"{type(cause).__module__}.{type(cause).__qualname__}" if cause is not None else None,
    }


def _uncaught(kind: type[BaseException], failure: BaseException | None, at: TracebackType | None) -> None:
    """The last word of a thread or a process."""
    if failure is not None and not issubclass(kind, KeyboardInterrupt | SystemExit):
        logging.getLogger("core").critical("uncaught", exc_info=(kind, failure, at))


class Printed:
    """A stream in the place of standard output: each line that is printed becomes one of the log."""

    encoding, errors = "utf-8", "replace"

    def __init__(self, name: str) -> None:
        self.log, self.left = logging.getLogger(name), ""

    def write(self, text: str) -> int:
        *lines, self.left = (self.left + text).split("\n")
        for line in lines:
            if line.strip():
                self.log.info("%s", line.strip())
        return len(text)

    def flush(self) -> None:
        return

    def isatty(self) -> bool:
        return False


def printed(name: str) -> TextIO:
    """`Printed`, as Python takes a stream.

    Examples
    --------
    >>> printed("server").write("ready")
    5
    """
    return cast("TextIO", Printed(name))
