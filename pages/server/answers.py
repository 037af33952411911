"""How our routes say no: a status and one sentence, as a message and already in the browser's language."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse

from core.messages import Message, translate


def refusal(request: Request, status: int, message: Message, hint: Message | None = None) -> JSONResponse:
    """A JSON answer ``{"error": message, "hint": …, "message": the sentence}``."""
    sentence = " ".join(translate(part, language_of(request)) for part in (message, hint) if part is not None)
    content = {
        "error": message.model_dump(mode="json"),
        "hint": hint.model_dump(mode="json") if hint else None,
        "message": sentence,
    }
    return JSONResponse(content, status_code=status, headers={"cache-control": "no-store"})


def language_of(request: Request) -> str:
    """The language that a request's browser asks for; English if we don't speak it."""
    return "zh_CN" if request.headers.get("accept-language", "").lower().startswith("zh") else "en"
