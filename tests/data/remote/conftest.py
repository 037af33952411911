"""A real server of files on this machine."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

TABLE = b"price,city\n" + b"".join(b"%d,%s\n" % (n, [b"Rome", b"Oslo"][n % 2]) for n in range(40))


class Files(BaseHTTPRequestHandler):
    """Answers by path."""

    leads_to = ""

    def do_GET(self):
        with suppress(BrokenPipeError, ConnectionResetError):
            getattr(self, "get_" + self.path.split("?")[0].strip("/").split("/")[0].replace(".", "_"), self.missing)()

    def missing(self):
        self.send_error(404, "Not Found")

    def send(self, body: bytes, length: int | None = None, **headers: str) -> None:
        self.send_response(200)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        if length is not None:
            self.send_header("Content-Length", str(length))
        self.end_headers()
        self.wfile.write(body)

    def get_table_csv(self):
        self.send(TABLE, len(TABLE), Content_Type="text/csv")

    def get_export(self):
        self.send(TABLE, len(TABLE), Content_Type="text/csv; charset=utf-8")

    def get_named(self):
        disposition = "attachment; filename=\"../../etc/x.csv\"; filename*=UTF-8''..%2F..%2Fpr%C3%A9s.csv"
        self.send(TABLE, len(TABLE), Content_Disposition=disposition)

    def get_endless(self):
        self.send(b"")
        while True:
            self.wfile.write(b"a,b\n" * 10_000)

    def get_huge(self):
        self.send(b"a,b\n", 10**12)

    def get_short(self):
        self.send(TABLE, len(TABLE) + 100)

    def get_drip(self):
        self.send(b"")
        self.drip()

    def get_dripping_headers(self):
        self.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
        self.drip()

    def drip(self):
        for _turn in range(400):
            self.wfile.write(b"a")
            time.sleep(0.05)

    def get_away(self):
        self.send_response(302)
        self.send_header("Location", self.leads_to)
        self.end_headers()

    def get_round(self):
        self.send_response(302)
        self.send_header("Location", "/round")
        self.end_headers()

    def log_message(self, *_arguments):
        pass


@pytest.fixture
def server():
    """The address of a server, which is gone afterwards."""
    made = ThreadingHTTPServer(("127.0.0.1", 0), type("These", (Files,), {}))
    made.daemon_threads = True
    thread = threading.Thread(target=made.serve_forever, args=(0.01,))
    thread.start()
    yield made
    made.shutdown()
    thread.join()
    made.server_close()


@pytest.fixture
def address(server, monkeypatch):
    """Where its files lie; reading from there is allowed."""
    monkeypatch.setenv("AMALGAM_URLS", f"127.0.0.1:{server.server_port}")
    return f"http://127.0.0.1:{server.server_port}"
