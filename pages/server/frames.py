"""What comes over the websocket: messages as a tab sends them. Anything else ends that websocket, without a word."""

from __future__ import annotations

from google.protobuf.message import DecodeError
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.web.server.starlette import starlette_server
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets import http11

LONGEST_FRAME = 25_000_000  # bytes, as Streamlit takes them
LONGEST_LINE = 65_536  # bytes of a handshake's header: all cookies of a host name, of whatever port, come in one
PROTOCOL_ERROR = 1002  # of a websocket's close


class OnlyMessages:
    """ASGI middleware: Streamlit would write a traceback into the log for each frame that is no message of its own."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "websocket":
            await self.app(scope, receive, send)
            return
        closed = False

        async def receive_messages() -> Message:
            nonlocal closed
            frame = await receive()
            if frame["type"] != "websocket.receive" or is_message(frame.get("bytes")):
                return frame
            closed = True
            await send({"type": "websocket.close", "code": PROTOCOL_ERROR})
            return {"type": "websocket.disconnect", "code": PROTOCOL_ERROR}

        async def send_while_open(frame: Message) -> None:
            if closed:
                raise OSError("closed")  # which is taken for a tab that has gone
            await send(frame)

        await self.app(scope, receive_messages, send_while_open)


class AnswersAll(WebSocketsSansIOProtocol):
    """uvicorn's websocket, which answers a handshake that its library refuses, too.

    A line that is too long, or many headers: the library has a refusal ready, and uvicorn would let the caller wait
    for ever.
    """

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.conn.handshake_exc is not None and not self.handshake_initiated:
            self.transport.write(b"".join(self.conn.data_to_send()))
            self.transport.close()


def bound_frames() -> None:
    """Have what is too long refused: a frame by its announced length, a handshake as soon as it is there.

    uvicorn would gather as much as Streamlit may send (200 MB), for each websocket and before anybody has logged in,
    to throw it away when it has arrived.
    """
    vars(starlette_server)["get_max_message_size_bytes"] = lambda: LONGEST_FRAME
    vars(starlette_server)["_get_websocket_protocol"] = lambda: AnswersAll
    vars(http11)["MAX_LINE_LENGTH"] = LONGEST_LINE  # instead of 8 kB


def is_message(content: bytes | None) -> bool:
    """Whether a frame is what a tab sends; text never is."""
    try:
        BackMsg.FromString(content or b"")
    except DecodeError:
        return False
    return content is not None
