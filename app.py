"""The server: ``python app.py`` (or ``streamlit run app.py``) serves Amalgam until Ctrl-C or SIGTERM.

``AMALGAM_PORT`` (8501), ``AMALGAM_ADDRESS`` (this machine only; ``0.0.0.0`` for everybody who can reach it) and
``AMALGAM_HOME`` say where; ``AMALGAM_HOSTS``, ``AMALGAM_MODELS``, ``AMALGAM_HUB`` and ``AMALGAM_METRICS`` what is
allowed, and ``AMALGAM_LOGIN_…`` who comes in (``core/allowed``). `app` is an ASGI application; what is drawn is in
``pages/shared/router.py``.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from starlette.routing import Route

from core.allowed import addresses
from core.allowed.login import Login, settings
from core.files import write_privately
from core.messages import AmalgamError, _, say
from core.workspace import Workspace
from pages.server.arriving import NoStreamlitUploads
from pages.server.doors import Doors
from pages.server.downloads import Downloads
from pages.server.frames import OnlyMessages, bound_frames
from pages.server.headers import SecurityHeaders
from pages.server.identity.login import Logins, secrets
from pages.server.identity.owner import OwnerCookie
from pages.server.late_fragments import keep_the_page
from pages.server.life import Life, terminal
from pages.server.request_ids import RequestIds
from pages.server.uploads import Uploads
from pages.server.watching import lines
from pages.server.watching.metrics import Metrics
from pages.shared.runs import unexpected


def build(workspace: Workspace, life: Life, login: Login | None) -> st.App:
    """The application on a workspace."""
    downloads, uploads = Downloads(workspace), Uploads(workspace)
    known = (
        Middleware(OwnerCookie, secret=workspace.secret())
        if login is None
        else Middleware(Logins, workspace=workspace, login=login)
    )
    return st.App(
        Path(__file__).parent / "pages" / "shared" / "router.py",
        lifespan=life,
        on_script_error=unexpected.draw,
        middleware=[
            Middleware(RequestIds),
            Middleware(SecurityHeaders),
            Middleware(Doors),
            Middleware(NoStreamlitUploads),
            Middleware(OnlyMessages),
            known,
        ],
        secrets=secrets(workspace, login),
        routes=[
            Route("/amalgam/upload", uploads.receive, methods=["POST"]),
            Route("/amalgam/metrics", Metrics(workspace, uploads).tell),
            Route("/amalgam/download/job-log/{job}", downloads.log),
            Route("/amalgam/download/bundle/{run}/{slug}", downloads.bundle),
            Route("/amalgam/shared/{token}/report.html", downloads.shared_report),
            Route("/amalgam/download/{run}/{path:path}", downloads.file),
        ],
    )


@contextlib.contextmanager
def or_a_sentence() -> Iterator[None]:
    """What stands in the way of a start is said in a sentence, and the exit code is 1."""
    try:
        yield
    except AmalgamError as error:
        terminal().problem(error)
        sys.exit(1)


write_privately()
with or_a_sentence():
    lines.configure()
    bound_frames()
    keep_the_page()
    workspace = Workspace()
    life = Life(workspace, os.environ.get("AMALGAM_JOB_KINDS", ""))
    app = build(workspace, life, settings())


def main() -> None:
    """Serve until Ctrl-C or SIGTERM; ``amalgam-server`` where Amalgam is installed."""
    sys.argv[0] = __file__  # Streamlit looks for .streamlit/config.toml beside what was started
    port = int(os.environ.get("AMALGAM_PORT", "8501"))
    with or_a_sentence():
        life.begin()
    if workspace.unclaimed():
        text = _("What was made in the terminal waits for you at {address}")
        link = f"{addresses.shown_address(port)}/?code={workspace.code()}"
        print(terminal().t(say(text, address=link)), flush=True)
    with contextlib.suppress(KeyboardInterrupt):  # Ctrl-C, after everything has been stopped in order
        app.run(
            config={
                "server.port": port,
                "server.address": addresses.address(),
                "server.headless": True,
                "browser.gatherUsageStats": False,
            }
        )


if __name__ == "__main__":
    main()
