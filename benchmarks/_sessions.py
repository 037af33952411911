"""Sessions without a browser: they speak Streamlit's protocol over a websocket, as a tab does.

A tab asks for a page or a part of it (`BackMsg`) and is told what to draw (`ForwardMsg`) until the script has ended.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Literal

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

from pages.server.identity.owner import COOKIE, sign
from tests.server.conftest import Server

STREAM = "/_stcore/stream"
WAIT_SECONDS = 60.0
ENDED = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)
OURS = "our fault"  # what a page says of an error that it did not expect
Drawn = Literal["page", "part"]


@dataclass
class Seen:
    """What sessions saw: seconds of each drawing, and what went wrong."""

    seconds: dict[Drawn, list[float]] = field(default_factory=lambda: {"page": [], "part": []})
    errors: list[str] = field(default_factory=list)


class Session:
    """One tab.

    Attributes
    ----------
    repeated : dict
        Fragment → seconds between two looks: what the page asked to have drawn again by itself.
    """

    def __init__(self, socket: ClientConnection, seen: Seen) -> None:
        self.socket, self.seen = socket, seen
        self.repeated: dict[str, float] = {}
        self.page = ""

    async def visit(self, page: str) -> None:
        """Go to a page and wait until it is drawn whole."""
        self.page = page
        self.repeated.clear()
        await self._run("page", BackMsg(rerun_script={"page_name": page}))

    async def look_again(self, fragment: str) -> None:
        """Draw one part of the page again."""
        state = {"fragment_id": fragment, "is_auto_rerun": True, "page_name": self.page}
        await self._run("part", BackMsg(rerun_script=state))

    async def _run(self, drawn: Drawn, message: BackMsg) -> None:
        begun = time.perf_counter()
        await self.socket.send(message.SerializeToString())
        try:
            async with asyncio.timeout(WAIT_SECONDS):
                await self._hear()
        except TimeoutError:
            raise TimeoutError(f"{self.page}: its {drawn} was not drawn in {WAIT_SECONDS:.0f} s") from None
        self.seen.seconds[drawn].append(time.perf_counter() - begun)

    async def _hear(self) -> None:
        """What is told until the script has ended."""
        while True:
            told = ForwardMsg.FromString(await self.socket.recv(decode=False))
            kind = told.WhichOneof("type")
            if kind == "delta":
                self._check(told)
            elif kind == "auto_rerun":
                self.repeated[told.auto_rerun.fragment_id] = told.auto_rerun.interval
            elif kind == "stop_auto_rerun":
                self.repeated.clear()
            elif kind == "script_finished" and told.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                self.repeated.clear()  # the whole page is drawn next; a part of before would not be answered
            elif kind == "page_not_found":
                self.seen.errors.append(f"{self.page}: not found")
            elif kind == "script_finished" and told.script_finished in ENDED:
                break
            elif kind == "script_finished" and told.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
                self.seen.errors.append(f"{self.page}: a script that does not compile")
                break

    def _check(self, told: ForwardMsg) -> None:
        element = told.delta.new_element
        if element.WhichOneof("type") == "exception":
            self.seen.errors.append(f"{self.page}: {element.exception.type}: {element.exception.message}")
        elif element.WhichOneof("type") == "alert" and OURS in element.alert.body:
            self.seen.errors.append(f"{self.page}: {element.alert.body}")

    async def stay(self, seconds: float) -> None:
        """Look at the page for a while, and again at those parts that ask for it."""
        until = time.monotonic() + seconds
        due = {part: time.monotonic() + every for part, every in self.repeated.items()}
        while due and (first := min(due, key=due.__getitem__)) and due[first] < until:
            await asyncio.sleep(max(0.0, due[first] - time.monotonic()))
            await self.look_again(first)
            if first in self.repeated:
                due[first] = time.monotonic() + self.repeated[first]
            due = {part: due.get(part, time.monotonic() + every) for part, every in self.repeated.items()}
        await asyncio.sleep(max(0.0, until - time.monotonic()))


async def tab(server: Server, owner: str, seen: Seen, use: Callable[[Session], Awaitable[None]]) -> None:
    """Open a tab of this person, use it and close it; what breaks it, or keeps it shut, is among what was seen."""
    headers = {"Cookie": f"{COOKIE}={sign(owner, server.workspace.secret())}", "Origin": server.address}
    address = server.address.replace("http", "ws", 1) + STREAM
    try:
        async with connect(
            address, subprotocols=["streamlit"], additional_headers=headers, max_size=None, open_timeout=WAIT_SECONDS
        ) as socket:
            await use(Session(socket, seen))
    except Exception as failure:
        seen.errors.append(f"{type(failure).__name__}: {failure}")
