"""Where the server listens, and the names that it answers to.

``AMALGAM_ADDRESS`` is where it listens, ``AMALGAM_HOSTS`` names besides this machine's own.
"""

from __future__ import annotations

import ipaddress
import os
import socket
from urllib.parse import urlsplit


def address() -> str:
    """Where the server listens; this machine alone unless something else was said."""
    return os.environ.get("AMALGAM_ADDRESS", "").strip() or "127.0.0.1"


def shown_address(port: int) -> str:
    """Where a person at this machine finds the server.

    Examples
    --------
    >>> shown_address(8501)
    'http://127.0.0.1:8501'
    """
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(address(), address())  # noqa: S104 read, not bound
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def for_one_machine() -> bool:
    """Whether nobody but people at this machine reach the server: no other address, no other name.

    A reverse proxy in front passes other people's requests on, and needs `AMALGAM_HOSTS` to do so.
    """
    return is_loopback(address()) and not _named_hosts()


def is_loopback(host: str) -> bool:
    """Whether an address or name is this machine as it sees itself.

    Examples
    --------
    >>> is_loopback("127.0.0.1"), is_loopback("0.0.0.0")
    (True, False)
    """
    number = _number(host)
    return number.is_loopback if number is not None else host == "localhost" or host.endswith(".localhost")


def host_allowed(header: str | None) -> bool:
    """Whether a request's ``Host`` is one that the server answers to.

    A foreign site may let its own name lead to this machine; the browser then takes the server for that site, but
    sends the name. An address is no name: it can't be turned over, and is taken where the server listens beyond this
    machine.
    """
    host = host_name(header)
    if host is None:
        return False
    if is_loopback(host) or host in {address().lower(), *_own_names()}:
        return True
    if _number(host) is not None and not is_loopback(address()):
        return True
    return any(_matches(host, pattern) for pattern in _named_hosts())


def host_name(header: str | None) -> str | None:
    """The name in a ``Host`` header, in small letters and without its port; None if it is not one.

    Examples
    --------
    >>> host_name("Example.org:8501"), host_name("[::1]:8501"), host_name("a@b")
    ('example.org', '::1', None)
    """
    if not header or any(character in header for character in "/?#@\\ "):
        return None
    try:
        parts = urlsplit(f"//{header}")
        has_port = parts.port is not None or not header.endswith(":")  # raises where it is no number
        return parts.hostname.rstrip(".") if parts.hostname and has_port else None
    except ValueError:
        return None


def _named_hosts() -> list[str]:
    return [name for name in os.environ.get("AMALGAM_HOSTS", "").lower().replace(",", " ").split() if name]


def _own_names() -> set[str]:
    """What this machine calls itself; no look-up on the network, which could take seconds."""
    name = socket.gethostname().lower().rstrip(".")
    return {name, name.split(".")[0], f"{name.split('.')[0]}.local"} if name else set()


def _number(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return None


def _matches(host: str, pattern: str) -> bool:
    return pattern in {"*", host} or (pattern.startswith("*.") and host.endswith(pattern[1:]))
