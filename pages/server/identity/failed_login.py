"""What a person sees where a login fails: one sentence and the way back, in the place of Streamlit's bare words."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

from core.messages import _, say
from pages.server.answers import page

MOST_SECONDS = 12.0  # a provider may take for its answer
NO_ANSWER = _("The login provider does not answer, or not as it should. Try again in a minute; if that does not help, "
              "tell whoever runs this server.")  # fmt: skip
NOT_LOGGED_IN = _("You are not logged in: the login provider refused, or stopped answering on the way. Try again.")


async def or_a_sentence(
    app: ASGIApp, scope: Scope, receive: Receive, send: Send, failed: Callable[[Message], bool], instead: HTMLResponse
) -> None:
    """Pass on what Streamlit answers to a step of a login, unless it failed or takes too long.

    Parameters
    ----------
    failed : callable (start of the answer) → bool
    instead : HTMLResponse
        What is answered then.
    """
    begun = replaced = False

    async def look(message: Message) -> None:
        nonlocal begun, replaced
        if message["type"] == "http.response.start":
            replaced, begun = failed(message), True
        if not replaced:
            await send(message)

    try:
        async with asyncio.timeout(MOST_SECONDS):
            await app(scope, receive, look)
    except TimeoutError:
        if begun and not replaced:
            raise
        replaced = True
    if replaced:
        await instead(scope, receive, send)


def failed_page(request: Request, sentence: str, status: int, back: str) -> HTMLResponse:
    """The page; `sentence` is marked with ``_()``."""
    return page(request, status, say(sentence), way=say(_("Back to the login page")), back=back)


def is_refusal(start: Message) -> bool:
    """Whether an answer sends nobody to the provider."""
    return bool(start["status"] >= 400)


def logs_nobody_in(start: Message) -> bool:
    """Whether an answer to somebody who comes back from the provider sets no login."""
    given, none = (f"{USER_COOKIE_NAME}={value}".encode() for value in ("", '""'))
    cookies = [value for name, value in start["headers"] if name.lower() == b"set-cookie"]
    return not any(value.startswith(given) and not value.startswith(none) for value in cookies)
