"""A server on this machine that answers as badly as a test wants."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


def chunk(text: str, why: str | None) -> dict[str, Any]:
    """A part of an answer, streamed or whole."""
    said = {"content": text}
    return {"choices": [{"index": 0, "delta": said, "message": said, "finish_reason": why}]}


def sse(*parts: dict[str, Any], done: bool = True) -> bytes:
    """Server-sent events."""
    lines = [f"data: {json.dumps(part)}\n\n" for part in parts]
    return "".join([*lines, "data: [DONE]\n\n" if done else ""]).encode()


class Request(BaseHTTPRequestHandler):
    """One request; what was asked is in `asked`."""

    asked: dict[str, Any]
    begun = False

    def do_POST(self) -> None:
        self.asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        server: Hostile = self.server.owner
        server.asked.append(self.asked)
        server.answer(self)

    def send(
        self, content: bytes, kind: str = "text/event-stream", status: int = 200, end: bool = True, **headers: str
    ) -> None:
        """Answer, or go on with an answer; the connection is closed behind it, as nothing says how long it is."""
        if not self.begun:
            self.begun = True
            self.send_response(status)
            for name, value in {"Content-Type": kind, **headers}.items():
                self.send_header(name.replace("_", "-"), value)
            self.end_headers()
        self.wfile.write(content)
        self.wfile.flush()
        self.close_connection = end

    def send_json(self, told: Any, status: int = 200, **headers: str) -> None:
        self.send(json.dumps(told).encode(), "application/json", status, **headers)

    def log_message(self, *args: object) -> None:
        """Say nothing."""


class Hostile:
    """The server, for as long as a block lasts."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.answer: Callable[[Request], None] = lambda request: request.send(b"")
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Request)
        self.server.daemon_threads = True
        self.server.owner = self
        self.host = f"127.0.0.1:{self.server.server_port}"
        self.url = f"http://127.0.0.1:{self.server.server_port}/v1"

    def __enter__(self) -> Hostile:
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *args: object) -> None:
        self.server.shutdown()
        self.server.server_close()
