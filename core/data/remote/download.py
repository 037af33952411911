"""A file from an address of the web: where it leads is checked at every redirect, and what was checked is connected to.

A host that means one thing when it is checked and another when it is read from (DNS rebinding) is no way around:
names are resolved once, and the connection goes to one of the addresses that were looked at.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from email.message import Message
from email.utils import collapse_rfc2231_value
from mimetypes import guess_extension
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, quote, unquote, urljoin

import core
from core.data.remote.allowed import allowed, checked, is_public, port_of
from core.files import safe_name, written_whole
from core.messages import UnreadableFile, _, clip

SILENT_SECONDS = 20.0  # until an answer, or the next bytes of it
MOST_SECONDS = 600.0  # for all of it
MOST_REDIRECTS = 5
PIECE = 1 << 16
AS_TYPED = "%/?&=+:;,@!$'()*~[]"  # signs of an address that stay
REDIRECTS = {301, 302, 303, 307, 308}
Progress = Callable[[float | None], None]


def download(
    address: str,
    folder: Path,
    most_bytes: int,
    progress: Progress = lambda share: None,
    most_seconds: float = MOST_SECONDS,
) -> Path:
    """Fetch one file into `folder`, under the name that the server or the address gives it.

    Parameters
    ----------
    progress : callable (share or None) → None
        Hears how much has come, 0 to 1, where the server says how much it is.

    Raises
    ------
    UnknownChoice, UnreadableFile
        Not allowed, not there, too large, or too slow.

    Examples
    --------
    >>> download("https://data.example.org/prices.csv", folder, 10**9).name  # doctest: +SKIP
    'prices.csv'
    """
    until = time.monotonic() + most_seconds
    parts = checked(address.strip())
    for _redirects in range(MOST_REDIRECTS + 1):
        with _connection(parts, until) as connection:
            answer = connection.answer()
            if answer.status not in REDIRECTS:
                return _kept(connection, answer, folder, most_bytes, progress)
            parts = checked(urljoin(parts.geturl(), answer.headers.get("Location", "")))
    raise UnreadableFile(_("“{host}” leads on and on, to no file."), host=parts.hostname or "")


@contextmanager
def _connection(parts: SplitResult, until: float) -> Iterator[_Connection]:
    """A connection that is cut when there is no time left, wherever it is."""
    connection = _Connection(parts, until)
    clock = threading.Timer(max(until - time.monotonic(), 0.0), connection.cut)
    clock.daemon = True
    clock.start()
    try:
        yield connection
    finally:
        clock.cancel()
        connection.close()


class _Connection(http.client.HTTPConnection):
    """A connection to an address that was looked at."""

    def __init__(self, parts: SplitResult, until: float) -> None:
        super().__init__(parts.hostname or "", port_of(parts), timeout=SILENT_SECONDS)
        self.parts, self.until = parts, until
        self._socket: socket.socket | None = None  # `sock` is forgotten once a server says that it will hang up

    def connect(self) -> None:
        """Connect to the first address that answers, of those that may be read from."""
        failure: OSError = ConnectionError(self.host)
        for place in resolved(self.host, self.port):
            try:
                self._socket = socket.create_connection(place, SILENT_SECONDS)
                break
            except OSError as error:
                failure = error
        if self._socket is None:
            raise failure
        if self.parts.scheme == "https":
            self._socket = ssl.create_default_context().wrap_socket(self._socket, server_hostname=self.host)
        self.sock = self._socket

    def answer(self) -> http.client.HTTPResponse:
        """What the server says to the question for this file."""
        target = quote(f"{self.parts.path or '/'}{'?' + self.parts.query if self.parts.query else ''}", safe=AS_TYPED)
        headers = {"User-Agent": f"Amalgam/{core.__version__}", "Accept-Encoding": "identity"}
        with self.said_plainly():
            self.request("GET", target, headers=headers)
            return self.getresponse()

    @contextmanager
    def said_plainly(self) -> Iterator[None]:
        """What goes wrong on the way, in a sentence."""
        try:
            yield
        except ssl.SSLCertVerificationError as error:
            raise UnreadableFile(
                _("“{host}” could not show that it is that host: {reason}."),
                host=self.host, reason=error.verify_message,
            ) from None  # fmt: skip
        except (OSError, http.client.HTTPException, ValueError) as error:
            self.check_time(error)
            raise UnreadableFile(
                _("“{host}” could not be reached, or did not send all of the file."),
                _("Check the address, and try again."),
                host=self.host,
            ) from None

    def check_time(self, error: Exception | None = None) -> None:
        """That there is time left."""
        if time.monotonic() >= self.until or isinstance(error, TimeoutError):
            raise UnreadableFile(
                _("“{host}” took too long."), _("Download the file and open it from this machine."), host=self.host
            ) from None

    def cut(self) -> None:
        """End it from another thread, so that whoever waits for bytes goes on."""
        if self._socket is not None:
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)


def resolved(host: str, port: int) -> list[tuple[str, int]]:
    """The addresses of a host; all of them public, unless the host was named.

    Raises
    ------
    UnreadableFile
    """
    found = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if not allowed().names(host, port) and not all(map(is_public, found)):
        raise UnreadableFile(
            _("“{host}” lies in a private network, which is not read from here."),
            _("Whoever runs Amalgam can name it in AMALGAM_URLS."),
            host=host,
        )
    return [(address, port) for address in dict.fromkeys(found)]


def _kept(
    connection: _Connection, answer: http.client.HTTPResponse, folder: Path, most_bytes: int, progress: Progress
) -> Path:
    """The body, written whole."""
    if answer.status != http.client.OK:
        raise UnreadableFile(
            _("“{host}” answered {status} ({reason}), not with a file."), _("Check the address."),
            host=connection.host, status=answer.status, reason=clip(answer.reason or "?"),
        )  # fmt: skip
    n_told, n_bytes = answer.length, 0  # bytes
    folder.mkdir(parents=True, exist_ok=True)
    with written_whole(folder / file_name(connection.parts, answer.headers)) as place, place.open("wb") as file:
        while True:
            if max(n_bytes, n_told or 0) > most_bytes:
                raise UnreadableFile(
                    _("This file is larger than {limit} MB, the most that is read here."),
                    _("Read a part of it, or save it as Parquet, which is smaller."),
                    limit=most_bytes // 1_000_000,
                )
            progress(n_bytes / n_told if n_told else None)
            with connection.said_plainly():
                piece = answer.read1(PIECE)
                if not piece and n_told and n_bytes < n_told:
                    raise ConnectionError
            connection.check_time()
            if not piece:
                break
            n_bytes += file.write(piece)
    return folder / file_name(connection.parts, answer.headers)


def file_name(parts: SplitResult, headers: Message) -> str:
    """What the file is called: as the server says, else as the address ends, with an ending where the kind is said.

    Examples
    --------
    >>> from urllib.parse import urlsplit
    >>> file_name(urlsplit("https://data.example.org/a%20b.csv?day=1"), Message())
    'a b.csv'
    """
    name = safe_name(_told(headers) or unquote(parts.path) or parts.hostname or "")
    if "." in name:
        return name
    return name + (guess_extension(headers.get_content_type()) or "" if headers.get("Content-Type") else "")


def _told(headers: Message) -> str:
    """The name in ``Content-Disposition``: ``filename*`` before ``filename``, which many servers send as UTF-8."""
    told: list[tuple[str, Any]] = headers.get_params(header="content-disposition") or []
    names = [value for name, value in told if name.lower() == "filename"]
    encoded = [collapse_rfc2231_value(value) for value in names if isinstance(value, tuple)]
    if encoded or not names:
        return encoded[0] if encoded else ""
    with suppress(UnicodeError):
        return str(names[0]).encode("latin-1").decode("utf-8")
    return str(names[0])
