"""What the server does around serving: warm up, keep a dispatcher beside it, and end it when it stops in order."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import IO, Any

import psutil
import streamlit as st
from anyio import to_thread

from core.allowed import login, models
from core.cli.terminal import Terminal, language_of
from core.jobs import processes
from core.jobs.dispatcher import allowed_by, lock_file, locked, read_pid, server_file, write_pid
from core.messages import AmalgamError, UnusableData, _
from core.workspace import Workspace
from pages.server.warmth import tidy, warm_up

ROOT = Path(__file__).parents[2]
LOOK_SECONDS = 1.0
STOP_SECONDS = 6.0


class Life:
    """Start and stop, as Streamlit's lifespan hook.

    Parameters
    ----------
    workspace : Workspace
    kinds : str
        Handed to the dispatcher; see `core.jobs.worker`.
    """

    def __init__(self, workspace: Workspace, kinds: str = "") -> None:
        self.workspace, self.kinds = workspace, kinds
        self.child: subprocess.Popen[bytes] | None = None
        self.held: IO[str] | None = None  # open and locked while we are the home's server

    @contextlib.asynccontextmanager
    async def __call__(self, _app: Any) -> AsyncIterator[None]:
        try:
            self.begin()
        except AmalgamError as error:  # an error from here would be told as a traceback
            terminal().problem(error)
            os._exit(1)
        os.environ["AMALGAM_ADDRESS"] = st.get_option("server.address") or "0.0.0.0"  # whoever has started it
        self.end_the_otherwise_allowed()
        self.keep_dispatcher()
        await to_thread.run_sync(warm_up)
        tasks = [asyncio.create_task(self.watch()), asyncio.create_task(tidy())]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await to_thread.run_sync(self.stop_dispatcher)

    def begin(self) -> None:
        """Be the only server of this home, until this process ends, in whatever way.

        Raises
        ------
        UnusableData
            Another one is at work there: both would hand out the same jobs, and the first to stop would end them.
        """
        if self.held is not None:
            return
        file = server_file(self.workspace).open("a+")
        if not locked(file):
            file.close()
            raise UnusableData(
                _("Another Amalgam server is at work on “{folder}” already (process {pid})."),
                _("Stop that one first, or name another folder by AMALGAM_HOME."),
                folder=str(self.workspace.home),
                pid=read_pid(server_file(self.workspace))[0] or "?",
            )
        write_pid(file)
        self.held = file

    async def watch(self) -> None:
        """Start the dispatcher again should it die."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            await to_thread.run_sync(self.keep_dispatcher)

    def keep_dispatcher(self) -> None:
        """Have a dispatcher: the one that is there, even from a server that was killed, or a new one."""
        if self.child is not None and self.child.poll() is None:
            return
        if self.dispatcher() is not None:
            return
        with (self.workspace.home / "logs" / "dispatcher.log").open("ab") as output:
            self.child = subprocess.Popen(
                [sys.executable, "-m", "core.jobs.dispatcher", "--home", str(self.workspace.home)]
                + (["--kinds", self.kinds] if self.kinds else []),
                cwd=ROOT,
                env={name: value for name, value in os.environ.items() if name != login.SECRET},  # no work needs it
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def dispatcher(self) -> psutil.Process | None:
        """The workspace's dispatcher, if one lives."""
        return processes.find(*read_pid(lock_file(self.workspace)))

    def end_the_otherwise_allowed(self) -> None:
        """A dispatcher that a killed server left, with other settings, would let workers load what we don't allow."""
        if allowed_by(lock_file(self.workspace)) != models.summary():
            end(self.dispatcher())

    def stop_dispatcher(self) -> None:
        """End the dispatcher and with it all work; it is ours, as long as we are the home's only server."""
        if self.held is None:
            return
        end(self.dispatcher())
        if self.child is not None and self.child.poll() is None:
            self.child.terminate()
            self.child.wait(timeout=STOP_SECONDS)
        self.held.truncate(0)
        self.held.close()
        self.held = None


def end(process: psutil.Process | None) -> None:
    """SIGTERM, and SIGKILL to what is still there after a while."""
    if process is None:
        return
    try:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=STOP_SECONDS)
    except psutil.TimeoutExpired:
        process.kill()
    except psutil.NoSuchProcess:
        return  # it went by itself


def terminal() -> Terminal:
    """Where the server says what a person must know at its start."""
    return Terminal(language_of(os.environ))
