"""What whoever runs Amalgam allows, read from the environment in one place: who may ask, and which models are loaded.

``AMALGAM_ADDRESS`` (where the server listens), ``AMALGAM_HOSTS`` (names it answers to besides this machine's own),
``AMALGAM_MODELS`` (a folder with models), ``AMALGAM_HUB`` and ``AMALGAM_METRICS`` (switches, off unless 1),
``AMALGAM_HUB_MB`` (the largest model that is fetched).
"""

from __future__ import annotations

import ipaddress
import os
import re
import socket
from pathlib import Path
from urllib.parse import urlsplit

from core.messages import ModelUnavailable, UnknownChoice, _, clip

LONGEST_NAME = 300  # characters of a model's name: a path is longer than an id
_HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]{0,95}(/[A-Za-z0-9][\w.-]{0,95})?", re.ASCII)


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
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(address(), address())
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


def metrics() -> bool:
    """Whether the server tells its figures to whoever asks (``AMALGAM_METRICS=1``)."""
    return _on("AMALGAM_METRICS")


def hub() -> bool:
    """Whether models are fetched from the Hugging Face Hub (``AMALGAM_HUB=1``)."""
    return _on("AMALGAM_HUB")


def hub_bytes() -> int:
    """The largest model that is fetched (``AMALGAM_HUB_MB``, 2,000)."""
    return int(float(os.environ.get("AMALGAM_HUB_MB", "2000")) * 1e6)


def model_folder(name: str) -> Path | None:
    """The folder that a model's name stands for, if there is one and it may be read.

    Any folder of this machine where nobody else reaches the server, else only those below ``AMALGAM_MODELS``; a name
    is looked for there, too.

    Raises
    ------
    UnknownChoice
        The name is too long, or holds characters that no name has.
    """
    if len(name) > LONGEST_NAME or not name.isprintable() or not name.strip():
        raise UnknownChoice(_("“{name}” is not the name of a model."), name=clip(name))
    chosen = os.environ.get("AMALGAM_MODELS", "").strip()
    if chosen:
        root = Path(chosen).expanduser().resolve()
        place = (root / name).resolve()
        if place != root and place.is_relative_to(root) and place.is_dir():
            return place
    if for_one_machine() and Path(name).expanduser().is_dir():
        return Path(name).expanduser().resolve()
    return None


def check_hub(name: str) -> None:
    """That a model may be asked for on the Hugging Face Hub.

    Whether a folder of that name exists is not said: the sentence is the same.

    Raises
    ------
    ModelUnavailable
    """
    if hub() and _HUB_ID.fullmatch(name) and ".." not in name and "--" not in name:
        return
    raise ModelUnavailable(
        _("“{model}” is neither a model that comes with Amalgam, as MiniLM does, nor a folder that may be read here."),
        _("Put the model's folder below AMALGAM_MODELS, or start Amalgam with AMALGAM_HUB=1 to fetch models by id."),
        model=clip(name),
    )


def summary() -> str:
    """All of it in a line; a process that was started with other settings has another one."""
    folder = os.environ.get("AMALGAM_MODELS", "").strip()
    return f"{for_one_machine()} {hub()} {hub_bytes()} {folder}"


def _on(variable: str) -> bool:
    return os.environ.get(variable, "").strip().lower() in {"1", "on", "yes", "true"}


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
