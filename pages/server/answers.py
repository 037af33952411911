"""How the server says no: a status and one sentence, in the browser's language; to a program, a page or a tab."""

from __future__ import annotations

import html

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from core.messages import Message, translate

PAGE = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Amalgam</title><style>
:root {{ color-scheme: light dark }}
body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 36rem; margin: 15vh auto; padding: 0 1.5rem }}
a {{ color: light-dark(#0B62A0, #7AB8DB) }}
</style></head>
<body><p role="alert">{sentence}</p><p><a href="{back}">{way}</a></p></body></html>
"""


def refusal(request: Request, status: int, message: Message, hint: Message | None = None) -> JSONResponse:
    """A JSON answer ``{"error": message, "hint": …, "message": the sentence}``."""
    sentence = " ".join(translate(part, language_of(request)) for part in (message, hint) if part is not None)
    content = {
        "error": message.model_dump(mode="json"),
        "hint": hint.model_dump(mode="json") if hint else None,
        "message": sentence,
    }
    return JSONResponse(content, status_code=status, headers={"cache-control": "no-store"})


def page(request: Request, status: int, message: Message, *, way: Message, back: str) -> HTMLResponse:
    """A page with the sentence, and a link with the words `way` that leads to the address `back`."""
    language = language_of(request)
    sentence, words = (html.escape(translate(part, language)) for part in (message, way))
    content = PAGE.format(language=language.replace("_", "-"), sentence=sentence, back=html.escape(back), way=words)
    return HTMLResponse(content, status_code=status, headers={"cache-control": "no-store"})


def leads_to(address: str) -> bytes:
    """What has a tab that is open go to another address of this server."""
    message = ForwardMsg()
    message.auth_redirect.url = address
    return message.SerializeToString()


def language_of(request: Request) -> str:
    """The language that a request's browser asks for; English if we don't speak it."""
    return "zh_CN" if request.headers.get("accept-language", "").lower().startswith("zh") else "en"
