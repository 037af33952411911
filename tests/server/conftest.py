"""A real server on a port of its own, and a browser that has been there."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests

from core.workspace import Workspace
from pages.server.identity.owner import COOKIE, sign

ROOT = Path(__file__).parent.parent.parent
PAGE = {"accept": "text/html"}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """``python app.py`` on a workspace."""

    def __init__(self, workspace):
        self.workspace, self.port = workspace, free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.process = None

    def start(self, log=None, **variables):
        """Start it and wait until it answers; what it says goes into the file `log`, else its errors to our own."""
        chosen = {
            "AMALGAM_HOME": str(self.workspace.home),
            "AMALGAM_PORT": str(self.port),
            "AMALGAM_JOB_KINDS": "tests.jobs.kinds:KINDS",
        }
        output = {"stdout": subprocess.PIPE} if log is None else {"stdout": log.open("ab"), "stderr": subprocess.STDOUT}
        self.process = subprocess.Popen(
            [sys.executable, "app.py"], cwd=ROOT, env=os.environ | chosen | variables, text=True, **output
        )
        until = time.monotonic() + 90
        while time.monotonic() < until:
            try:
                if requests.get(self.address + "/_stcore/health", timeout=1).ok:
                    return self
            except (requests.ConnectionError, requests.Timeout):
                time.sleep(0.1)
        raise AssertionError("the server did not answer")

    def stop(self, number=signal.SIGINT):
        """End it in order.  →  what it printed"""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(number)
            return self.process.communicate(timeout=40)[0]
        return ""

    def browser(self, owner=None):
        """A session with a cookie: the one the server gives it, or this owner's."""
        session = requests.Session()
        if owner is not None:
            session.cookies.set(COOKIE, sign(owner, self.workspace.secret()), domain="127.0.0.1", path="/")
        session.get(self.address, headers=PAGE, timeout=5)
        return session


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    made = Server(Workspace(tmp_path_factory.mktemp("home"))).start(AMALGAM_UPLOAD_MB="60")
    yield made
    made.stop()


def sentence(answer):
    """The one sentence of a refusal; it is words, not code."""
    text = answer.json()["message"]
    assert re.match(r"[A-Z].*\.$", text)
    return text
