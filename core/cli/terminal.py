"""The two ends of a command: results go to standard output, everything else to standard error."""

from __future__ import annotations

import io
import json
import math
import os
import re
import sys
import time
from collections.abc import Mapping
from typing import Any, TextIO

from core.messages import LANGUAGES, AmalgamError, Message, is_message, translate

SAY_EVERY_SECONDS = 2.0
# All but tabs and line ends, and the signs that turn the direction of writing
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]|\r(?!\n)")


def language_of(environment: Mapping[str, str]) -> str:
    """The first language asked for that Amalgam speaks, looked for where gettext looks."""
    wanted = environment.get("LANGUAGE", "").split(":")
    wanted += [environment.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG")]
    spoken = [text.replace("-", "_").split(".")[0].split("_")[0].lower() for text in wanted if text]
    known = {code.split("_")[0]: code for code in LANGUAGES}
    return known.get(spoken[0], "en") if spoken else "en"


def harmless(text: str) -> str:
    """A text whose signs of control are written out: what a table or a bundle holds can't steer a terminal.

    Examples
    --------
    >>> harmless("name\\x1b[2J")
    'name\\\\x1b[2J'
    """
    return _CONTROL.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)


class _Harmless(io.TextIOWrapper):
    """A screen: whatever is written to it is made `harmless`."""

    def write(self, text: str) -> int:
        super().write(harmless(text))
        return len(text)


class Terminal:
    """Where a command speaks.

    While it is open, file descriptor 1 leads to standard error, so that a library that prints can't get between the
    results; those go to what standard output was.
    """

    def __init__(self, language: str, *, json_only: bool = False, quiet: bool = False) -> None:
        self.language, self.json_only, self.quiet = language, json_only, quiet
        self._said: tuple[str, float] = ("", 0.0)
        self._line_open = False

    def __enter__(self) -> Terminal:
        sys.stdout.flush()
        self._kept = os.dup(1)
        os.dup2(2, 1)
        encoding = "utf-8" if self.json_only or not os.isatty(self._kept) else sys.stdout.encoding or "utf-8"
        seen = os.isatty(self._kept)  # by a person; a file or a program gets every character as it is
        raw = open(self._kept, "wb", closefd=False)
        kind = _Harmless if seen else io.TextIOWrapper
        self.out: TextIO = kind(raw, encoding=encoding, errors="replace", newline="")
        return self

    def __exit__(self, *error: object) -> None:
        self._clear()
        sys.stdout.flush()
        try:
            self.out.close()
        finally:
            os.dup2(self._kept, 1)
            os.close(self._kept)

    def t(self, message: Message | str) -> str:
        """A sentence in the language of the one who asked."""
        return translate(message, self.language)

    def show(self, text: str = "") -> None:
        """A line of the result."""
        self._clear()
        self.out.write(harmless(text) + "\n")

    def document(self, data: Any) -> None:
        """The result as one JSON document, its messages as plain sentences."""
        self._clear()
        text = json.dumps(self._plain(data), ensure_ascii=False, indent=2, allow_nan=False)
        self.out.write(_CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", text) + "\n")

    def _plain(self, data: Any) -> Any:
        """Stored messages become sentences; what is no number in JSON becomes null."""
        if isinstance(data, dict):
            if is_message(data):
                return self.t(Message.model_validate(data))
            return {key: self._plain(value) for key, value in data.items()}
        if isinstance(data, list | tuple):
            return [self._plain(value) for value in data]
        return None if isinstance(data, float) and not math.isfinite(data) else data

    def note(self, message: Message | str) -> None:
        """A line beside the result."""
        if not self.quiet:
            self._clear()
            print(harmless(self.t(message)), file=sys.stderr, flush=True)

    def problem(self, error: AmalgamError) -> None:
        """What is wrong, and what to do."""
        self._clear()
        said = [self.t(message) for message in (error.message, error.hint) if message]
        print(harmless(" ".join(said)), file=sys.stderr, flush=True)

    def progress(self, stage: Message, share: float | None, finding: Message | None) -> None:
        """How far the work is: one line that is written over, or, into a file, a line now and then."""
        if self.quiet:
            return
        line = harmless(self.t(stage)).replace("\n", " ")
        line = line if share is None else f"{share:4.0%} {line}"
        if sys.stderr.isatty():
            print(f"\r\033[K{line}", end="", file=sys.stderr, flush=True)
            self._line_open = True
            return
        said, when = self._said
        gist = re.sub(r"\d", "", self.t(stage))  # what changes in its numbers alone is said now and then
        if gist != said or time.monotonic() - when > SAY_EVERY_SECONDS:
            self._said = (gist, time.monotonic())
            print(line, file=sys.stderr, flush=True)

    def _clear(self) -> None:
        if self._line_open:
            print("\r\033[K", end="", file=sys.stderr, flush=True)
            self._line_open = False
