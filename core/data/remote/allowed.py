"""Which addresses of the web may be read from here: none, unless whoever runs this says so. Light: pages ask, too.

``AMALGAM_URLS=1`` allows every public address, ``AMALGAM_URLS=data.example.org,localhost:8000`` these hosts and no
other; both can be said together. A host that is named may lie in a private network.
"""

from __future__ import annotations

import ipaddress
import os
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from core.messages import UnknownChoice, UnreadableFile, _

VARIABLE = "AMALGAM_URLS"
ON, OFF = {"1", "true", "yes", "on"}, {"", "0", "false", "no", "off"}
PORTS = {"http": 80, "https": 443}
TRANSLATED = ipaddress.ip_network("64:ff9b::/96")  # addresses of IPv4 as NAT64 writes them


@dataclass(frozen=True)
class Allowed:
    """What may be read: every public address, some hosts, or nothing."""

    public: bool
    hosts: frozenset[str]  # in lower case, “host” or “host:port”

    def __bool__(self) -> bool:
        return self.public or bool(self.hosts)

    def names(self, host: str, port: int) -> bool:
        """Whether this host was named, so that it may lie in a private network."""
        return host in self.hosts or f"{host}:{port}" in self.hosts


def allowed() -> Allowed:
    """What the environment says now.

    Examples
    --------
    >>> os.environ["AMALGAM_URLS"] = "data.example.org"  # doctest: +SKIP
    >>> allowed().names("data.example.org", 443)  # doctest: +SKIP
    True
    """
    words = {word.strip().lower() for word in os.environ.get(VARIABLE, "").split(",")}
    return Allowed(bool(words & ON), frozenset(words - ON - OFF))


def checked(address: str) -> SplitResult:
    """The parts of an address that may be read, as far as its text says.

    Raises
    ------
    UnknownChoice
        It is no address of the web, or holds a password.
    UnreadableFile
        Reading from it is not allowed here.
    """
    may = allowed()
    if not may:
        raise UnreadableFile(
            _("Reading from addresses is switched off here."),
            _("Whoever runs Amalgam can set AMALGAM_URLS=1, or AMALGAM_URLS to the hosts that are allowed."),
        )
    parts = _parts(address)
    if parts.username is not None or parts.password is not None:
        raise UnknownChoice(
            _("An address with a user name or a password in it is not read, since addresses are kept."),
            _("Download the file and open it from this machine."),
        )
    host = parts.hostname or ""
    if not (may.public or may.names(host, port_of(parts))):
        raise UnreadableFile(
            _("Reading from “{host}” is not allowed here."), _("Allowed are: {known}."),
            host=host, known=sorted(may.hosts),
        )  # fmt: skip
    return parts


def _parts(address: str) -> SplitResult:
    clean = address.strip()
    try:
        parts = urlsplit(clean)
        sound = parts.scheme in PORTS and bool(parts.hostname) and port_of(parts) > 0
    except ValueError:
        sound = False
    if not sound or any(sign.isspace() or not sign.isprintable() for sign in clean):
        raise UnknownChoice(
            _("This is not an address of the web."), _("It begins with https:// or http://, and has no blanks.")
        )
    return parts


def port_of(parts: SplitResult) -> int:
    """The port, said or usual."""
    return PORTS.get(parts.scheme, 0) if parts.port is None else parts.port


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open internet, however it is written.

    Examples
    --------
    >>> is_public("93.184.215.14"), is_public("::ffff:127.0.0.1"), is_public("169.254.169.254")
    (True, False, False)
    """
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        inside = found.ipv4_mapped or found.sixtofour
        if found in TRANSLATED:
            inside = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if inside is not None:
            return is_public(str(inside))
        if found.teredo is not None or found.is_site_local:
            return False
    return found.is_global and not found.is_multicast and not found.is_reserved
