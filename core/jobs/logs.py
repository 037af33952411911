"""What processes say of their work: plain lines, one per event; a full disk does not end the work that says them."""

from __future__ import annotations

import contextlib
import logging
import sys
from typing import TextIO

import structlog


def configure() -> None:
    """Send every line of this process to standard error."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.captureWarnings(True)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,  # which job or request it is about
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.format_exc_info,
            structlog.dev.ConsoleRenderer(colors=False),
        ],
        logger_factory=structlog.WriteLoggerFactory(Patient(sys.stderr)),  # type: ignore[arg-type]
    )


class Patient:
    """A stream that goes on when nothing more can be written to it: what it says matters less than what is done."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream

    def write(self, text: str) -> int:
        with contextlib.suppress(OSError):
            self.stream.write(text)
        return len(text)

    def flush(self) -> None:
        with contextlib.suppress(OSError):
            self.stream.flush()
