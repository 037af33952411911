"""What the server does around serving: warm up, keep a dispatcher beside it, and end it when it stops in order."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator
from typing import IO, Any

import streamlit as st
from anyio import to_thread

from core.cli.terminal import Terminal, language_of
from core.jobs.dispatcher import locked, write_pid
from core.jobs.processes import read_pid, server_file
from core.messages import AmalgamError, UnusableData, _
from core.workspace import Workspace
from pages.server.beside import LOOK_SECONDS, Beside
from pages.server.warmth import freeze, tidy
from pages.server.watching import lines


class Life:
    """Start and stop, as Streamlit's lifespan hook.

    Parameters
    ----------
    workspace : Workspace
    kinds : str
        Handed to the dispatcher; see `core.jobs.slots`.
    """

    def __init__(self, workspace: Workspace, kinds: str = "") -> None:
        self.workspace, self.beside = workspace, Beside(workspace, kinds)
        self.held: IO[str] | None = None  # open and locked while we are the home's server

    @contextlib.asynccontextmanager
    async def __call__(self, _app: Any) -> AsyncIterator[None]:
        try:
            self.begin()
        except AmalgamError as error:  # an error from here would be told as a traceback
            terminal().problem(error)
            os._exit(1)
        os.environ["AMALGAM_ADDRESS"] = st.get_option("server.address") or "0.0.0.0"  # noqa: S104 whoever has started it
        self.beside.end_the_otherwise_allowed()
        self.beside.keep()
        freeze()
        lines.serve()
        tasks = [asyncio.create_task(self.watch()), asyncio.create_task(tidy())]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await to_thread.run_sync(self.stop)

    def begin(self) -> None:
        """Be the only server of this home, until this process ends, in whatever way.

        Raises
        ------
        UnusableData
            Another one is at work there: both would hand out the same jobs, and the first to stop would end them.
        """
        if self.held is not None:
            return
        file = server_file(self.workspace.home).open("a+")
        if not locked(file):
            file.close()
            raise UnusableData(
                _("Another Amalgam server is at work on “{folder}” already (process {pid})."),
                _("Stop that one first, or name another folder by AMALGAM_HOME."),
                folder=str(self.workspace.home),
                pid=read_pid(server_file(self.workspace.home))[0] or "?",
            )
        write_pid(file)
        self.held = file

    async def watch(self) -> None:
        """Start the dispatcher again should it die."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            with contextlib.suppress(OSError):  # no room for its log, or for a process: at the next look
                await to_thread.run_sync(self.beside.keep)

    def stop(self) -> None:
        """End the dispatcher and with it all work; it is ours, as long as we are the home's only server."""
        if self.held is None:
            return
        self.beside.stop()
        self.held.truncate(0)
        self.held.close()
        self.held = None


def terminal() -> Terminal:
    """Where the server says what a person must know at its start."""
    return Terminal(language_of(os.environ))
