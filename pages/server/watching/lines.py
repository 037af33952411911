"""The web process's log with ``AMALGAM_LOG_FORMAT=json``: Streamlit's and uvicorn's lines in the form of ours."""

from __future__ import annotations

import logging
import os
import sys

import streamlit as st
import uvicorn.config
from streamlit import logger as streamlit_logger
from streamlit.runtime.scriptrunner import get_script_run_ctx

from core.jobs import logs
from core.messages import AmalgamError
from pages.server.identity.owner import session_owner
from pages.server.request_ids import HEADER


def configure() -> None:
    """Send all lines through one formatter; as text everything stays as Streamlit has it.

    Raises
    ------
    UnusableData
        The setting names no format.
    """
    if not logs.as_json():
        return
    logs.send_all(logs.Lines(os.dup(2)), session_ids)
    sys.stdout = sys.stderr = logs.printed("server")
    for logger in list(streamlit_logger._loggers.values()):
        without_own_handler(logger)
    streamlit_logger.setup_formatter = without_own_handler  # called for each logger that is still to come
    for name in ("uvicorn", "uvicorn.access"):
        uvicorn.config.LOGGING_CONFIG["loggers"][name] = {"level": "INFO", "propagate": True}


def serve() -> None:
    """What is printed as an error once pages are served is some library's, and may hold a cell: no words of it."""
    if logs.as_json():
        sys.stderr = logs.printed("stderr")
        st.set_option("logger.enableRich", False)  # it prints exceptions with their words


def without_own_handler(logger: logging.Logger) -> None:
    """Have a logger of Streamlit's pass its lines on."""
    logger.handlers.clear()
    logger.propagate = True


def session_ids() -> dict[str, str]:
    """Which request and whose session a line is about, where a page says it."""
    if get_script_run_ctx(suppress_warning=True) is None:
        return {}
    try:
        owner = session_owner()
    except AmalgamError:
        owner = ""
    return {"request": st.context.headers.get(HEADER, ""), "owner": owner}
