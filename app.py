"""The server: ``python app.py`` (or ``streamlit run app.py``) serves Amalgam until Ctrl-C or SIGTERM.

``AMALGAM_PORT`` (8501), ``AMALGAM_ADDRESS`` (this machine only; ``0.0.0.0`` for everybody who can reach it) and
``AMALGAM_HOME`` say where. `app` is an ASGI application; what is drawn is in ``pages/shared/router.py``.
"""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from starlette.routing import Route

from core.workspace import Workspace
from pages.server.arriving import NoStreamlitUploads
from pages.server.downloads import Downloads
from pages.server.headers import SecurityHeaders
from pages.server.life import Life
from pages.server.owner import OwnerCookie
from pages.server.uploads import Uploads


def build(workspace: Workspace, kinds: str = "") -> st.App:
    """The application on a workspace; `kinds` names another table of job kinds."""
    downloads = Downloads(workspace)
    return st.App(
        Path(__file__).parent / "pages" / "shared" / "router.py",
        lifespan=Life(workspace, kinds),
        middleware=[
            Middleware(SecurityHeaders),
            Middleware(NoStreamlitUploads),
            Middleware(OwnerCookie, secret=workspace.secret()),
        ],
        routes=[
            Route("/amalgam/upload", Uploads(workspace).receive, methods=["POST"]),
            Route("/amalgam/download/job-log/{job}", downloads.log),
            Route("/amalgam/download/bundle/{run}/{slug}", downloads.bundle),
            Route("/amalgam/download/{run}/{path:path}", downloads.file),
        ],
    )


app = build(Workspace(), os.environ.get("AMALGAM_JOB_KINDS", ""))


def main() -> None:
    """Serve until Ctrl-C or SIGTERM; ``amalgam-server`` where Amalgam is installed."""
    sys.argv[0] = __file__  # Streamlit looks for .streamlit/config.toml beside what was started
    with contextlib.suppress(KeyboardInterrupt):  # Ctrl-C, after everything has been stopped in order
        app.run(
            config={
                "server.port": int(os.environ.get("AMALGAM_PORT", "8501")),
                "server.address": os.environ.get("AMALGAM_ADDRESS", "127.0.0.1"),
                "server.headless": True,
                "browser.gatherUsageStats": False,
            }
        )


if __name__ == "__main__":
    main()
