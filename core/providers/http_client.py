"""Requests to an OpenAI-compatible endpoint: patient with one that is busy, and one sentence where it answers wrongly.

The key stands in a header alone: no address, log, sentence or repr holds it.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import httpx2

from core.allowed.endpoint import EndpointSettings
from core.messages import AmalgamError, Message, ModelUnavailable, UnusableData, _, clip, say

CONNECT_SECONDS = 10.0
READ_SECONDS = 120.0  # between two pieces of an answer
WAITS = (0.5, 2.0, 6.0, 15.0)  # seconds before each further try
MOST_WAIT_SECONDS = 60.0  # that an endpoint may ask for
LONGEST_SECONDS = 1800.0  # of one answer
LONGEST_ANSWER = 8_000_000  # bytes
LONGEST_CAUSE = 200  # characters of what an endpoint says of itself
BUSY = frozenset({429, 500, 502, 503, 504})
NO_KEY = frozenset({401, 403})
_DROPPED = (httpx2.NetworkError, httpx2.RemoteProtocolError, httpx2.ConnectTimeout)
_NEVER = threading.Event()


class Refused(ModelUnavailable):
    """An endpoint understood a request and does not do it; asking again is of no use."""

    status = 0
    cause = ""


class _Passing(Exception):
    """What may be gone at the next try, and how it is said if it is not."""

    def __init__(self, told: AmalgamError, wait_seconds: float = 0.0) -> None:
        super().__init__(str(told))
        self.told, self.wait_seconds = told, wait_seconds


class HttpClient:
    """Asks one endpoint; several threads may do so at once.

    Parameters
    ----------
    settings : EndpointSettings
    waits : sequence of float
        Seconds before each further try.
    """

    def __init__(self, settings: EndpointSettings, waits: Sequence[float] = WAITS) -> None:
        self.host, self.waits = settings.host, tuple(waits)
        self._url, self._key = settings.url, settings.key
        headers = {"Accept": "text/event-stream, application/json", "Accept-Encoding": "identity"}
        if settings.key:
            headers["Authorization"] = f"Bearer {settings.key}"
        self._client = httpx2.Client(
            headers=headers,
            timeout=httpx2.Timeout(READ_SECONDS, connect=CONNECT_SECONDS, pool=None),
            follow_redirects=False,  # texts and key are for one host
            trust_env=settings.url.startswith("https:"),  # a proxy reads all that comes without a lock
        )

    def events(
        self, path: str, body: dict[str, Any], left: threading.Event = _NEVER
    ) -> Generator[dict[str, Any] | None, None, None]:
        """The parts of an answer as they come, or the one there is; None where it begins again from its beginning.

        left: whoever asked has left; no further try is made

        Raises
        ------
        Refused, ModelUnavailable, UnusableData
            One sentence that names host and cause.
        """
        for wait in (*self.waits, None):
            try:
                yield from self._once(path, body)
                return
            except _Passing as failure:
                if wait is None:
                    raise failure.told from failure
                pause = max(wait, min(failure.wait_seconds, MOST_WAIT_SECONDS))
            if left.wait(pause):
                return
            yield None

    def ask(self, path: str, body: dict[str, Any], left: threading.Event = _NEVER) -> dict[str, Any]:
        """The one answer to a request that is not streamed; an empty one if whoever asked has left.

        Raises
        ------
        Refused, ModelUnavailable, UnusableData
        """
        with closing(self.events(path, body, left)) as parts:
            found = [part for part in parts if part is not None]
        return found[-1] if found else {}

    def _once(self, path: str, body: dict[str, Any]) -> Iterator[dict[str, Any]]:
        content = json.dumps(body).encode("ascii")  # half of a surrogate pair is escaped, not refused
        try:
            with self._client.stream(
                "POST", f"{self._url}/{path}", content=content, headers={"Content-Type": "application/json"}
            ) as response:
                self._check(response)
                kind = response.headers.get("content-type", "").split(";")[0].strip().lower()
                if kind == "text/event-stream":
                    yield from self._streamed(response)
                else:
                    yield self._whole(response, kind)
        except _DROPPED as error:
            raise _Passing(self._unreachable(error)) from error
        except httpx2.TimeoutException as error:
            raise ModelUnavailable(
                _("{host} did not answer for {seconds:.0f} seconds."),
                _("Ask again later, or choose another language model."),
                host=self.host,
                seconds=READ_SECONDS,
            ) from error
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise self._unreachable(error) from error

    def _check(self, response: httpx2.Response) -> None:
        """That a request was done; else why not."""
        status = response.status_code
        if 200 <= status < 300:
            return
        if 300 <= status < 400:
            raise ModelUnavailable(
                _("{host} sends requests on to {other}; texts go to no other host than the one that was allowed."),
                _("Set the address of the endpoint to where it is now."),
                host=self.host,
                other=self._safe(urlsplit(response.headers.get("location", "")).netloc) or self.host,
            )
        if status in NO_KEY:
            raise self._refused(status, _("{host} refuses the key ({status})."), _("Check AMALGAM_LLM_KEY."))
        cause = self._cause(response)
        if status in BUSY:
            told = _("{host} is busy or out of order ({status}): {cause}")
            hint = _("Ask again later, or choose another language model.")
            raise _Passing(self._refused(status, told, hint, cause), _asked_to_wait(response))
        told = _("{host} does not do what it was asked ({status}): {cause}")
        raise self._refused(status, told, _("Check AMALGAM_LLM_URL and AMALGAM_LLM_MODEL."), cause)

    def _refused(self, status: int, told: str, hint: str, cause: str | Message = "") -> Refused:
        error = Refused(told, hint, host=self.host, status=status, cause=cause)
        error.status, error.cause = status, str(cause)
        return error

    def _cause(self, response: httpx2.Response) -> str | Message:
        """What an endpoint says of its refusal."""
        kind = response.headers.get("content-type", "")
        content = b""
        for piece in response.iter_bytes():
            content += piece
            if len(content) > 64_000:
                break
        if "html" in kind or content.lstrip()[:1] == b"<":
            return say(_("it sent a web page"))
        text = content.decode("utf-8", "replace")
        try:
            told = json.loads(text)
        except (ValueError, RecursionError):
            told = text
        return self._safe(_cause_in(told)) or say(_("no reason was given"))

    def _streamed(self, response: httpx2.Response) -> Iterator[dict[str, Any]]:
        finished = False
        for data in _events(self._bytes(response)):
            if data == "[DONE]":
                return
            part = self._parsed(data)
            yield part
            finished = finished or any(choice.get("finish_reason") for choice in self.choices(part))
        if not finished:
            raise _Passing(self._cut_off())

    def _whole(self, response: httpx2.Response, kind: str) -> dict[str, Any]:
        content = b"".join(self._bytes(response))
        if "html" in kind or content.lstrip()[:1] == b"<":
            raise ModelUnavailable(
                _("{host} answers with a web page, not as a language model."),
                _("Check AMALGAM_LLM_URL: it often ends with /v1."),
                host=self.host,
            )
        return self._parsed(content.decode("utf-8", "replace"))

    def _bytes(self, response: httpx2.Response) -> Iterator[bytes]:
        """The content of an answer, so much of it and for so long as one may be."""
        n_bytes, until = 0, time.monotonic() + LONGEST_SECONDS
        for piece in response.iter_bytes():
            n_bytes += len(piece)
            if n_bytes > LONGEST_ANSWER or time.monotonic() > until:
                raise UnusableData(
                    _("The answer of {host} does not end, so it was left."),
                    _("Choose another language model."),
                    host=self.host,
                )
            yield piece

    def _parsed(self, text: str) -> dict[str, Any]:
        try:
            told = json.loads(text)
        except (ValueError, RecursionError):
            told = None
        if not isinstance(told, dict):
            raise self.malformed()
        if told.get("error"):
            raise UnusableData(
                _("{host} could not answer: {cause}"), host=self.host, cause=self._safe(_cause_in(told)) or "?"
            )
        return told

    def choices(self, part: dict[str, Any]) -> list[dict[str, Any]]:
        """What a part of an answer says.

        Raises
        ------
        UnusableData
        """
        found = part.get("choices") or []
        if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
            raise self.malformed()
        return found

    def malformed(self) -> UnusableData:
        """What is said of an answer in another form than the one of OpenAI's interface."""
        return UnusableData(
            _("{host} does not answer in the form of OpenAI’s interface."),
            _("Check AMALGAM_LLM_URL, or choose another language model."),
            host=self.host,
        )

    def _cut_off(self) -> ModelUnavailable:
        return ModelUnavailable(
            _("The answer of {host} was cut off."),
            _("Ask again later, or choose another language model."),
            host=self.host,
        )

    def _unreachable(self, error: Exception) -> ModelUnavailable:
        return ModelUnavailable(
            _("{host} can't be reached, or broke off: {cause}"),
            _("Check AMALGAM_LLM_URL and whether the endpoint runs."),
            host=self.host,
            cause=self._safe(str(error)) or type(error).__name__,
        )

    def _safe(self, text: str) -> str:
        """A short text without the key, should an endpoint repeat it."""
        return clip(text.replace(self._key, "***") if self._key else text, LONGEST_CAUSE)


def _cause_in(told: Any) -> str:
    """``{"error": {"message": …}}`` and its relatives."""
    for name in ("error", "message", "detail"):
        if isinstance(told, dict) and told.get(name):
            told = told[name]
    return told if isinstance(told, str) else json.dumps(told, ensure_ascii=False)


def _asked_to_wait(response: httpx2.Response) -> float:
    """Seconds by ``Retry-After``, as a number or a date; 0 where none is told."""
    told = response.headers.get("retry-after", "").strip()
    try:
        seconds = float(told) if told.replace(".", "", 1).isdigit() else _seconds_until(told)
    except (ValueError, TypeError, OverflowError):
        return 0.0
    return max(0.0, seconds)


def _seconds_until(date: str) -> float:
    return parsedate_to_datetime(date).timestamp() - time.time()


def _events(pieces: Iterator[bytes]) -> Iterator[str]:
    """The data of server-sent events; the last one counts only if it is complete.

    Examples
    --------
    >>> list(_events(iter([b'data: {"a"', b': 1}\\r\\n\\r\\n: still here\\n\\ndata: [DO', b'NE]\\n'])))
    ['{"a": 1}', '[DONE]']
    """
    waiting = b""
    for piece in pieces:
        *lines, waiting = (waiting + piece).split(b"\n")
        for line in lines:
            if line.startswith(b"data:") and (data := line[5:].strip()):
                yield data.decode("utf-8", "replace")
    if waiting.strip() == b"data: [DONE]":
        yield "[DONE]"
