"""Whether people log in, at which OpenID Connect provider, and who of them runs the server.

``AMALGAM_LOGIN_ISSUER``, ``_CLIENT``, ``_SECRET`` (or ``_SECRET_FILE``) and ``_REDIRECT`` switch it on together;
``AMALGAM_ADMINS`` names e-mail addresses that the provider has verified, or subjects.
"""

from __future__ import annotations

import importlib.util
import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from core.allowed import addresses
from core.messages import UnusableData, _, clip

ISSUER, CLIENT, SECRET, REDIRECT = (
    f"AMALGAM_LOGIN_{name}" for name in ("ISSUER", "CLIENT", "SECRET", "REDIRECT")
)  # fmt: skip
SECRET_FILE = f"{SECRET}_FILE"
METADATA = "/.well-known/openid-configuration"
CALLBACK = "/oauth2callback"
LIBRARIES = ("authlib", "joserfc")


@dataclass(frozen=True)
class Login:
    """How a provider knows this server."""

    metadata: str  # URL of what the provider says about itself
    client: str
    secret: str
    redirect: str  # URL that the provider sends people back to

    @property
    def origin(self) -> str:
        """Where people find the server: ``https://lab.example``."""
        parts = urlsplit(self.redirect)
        return f"{parts.scheme}://{parts.netloc}"


def required() -> bool:
    """Whether nobody sees anything before they have logged in."""
    return any(_said(name) for name in (ISSUER, CLIENT, SECRET, SECRET_FILE, REDIRECT))


def settings() -> Login | None:
    """The provider and how it knows us; None where nobody logs in.

    Raises
    ------
    UnusableData
        A part is missing, or can't be right.

    Examples
    --------
    >>> settings() is None
    True
    """
    if not required():
        return None
    secret = _secret()
    found = {ISSUER: _said(ISSUER), CLIENT: _said(CLIENT), SECRET: secret, REDIRECT: _said(REDIRECT)}
    if missing := [name for name, value in found.items() if not value]:
        raise UnusableData(
            _("Login is set up by half: {names} is missing."),
            _("Set it, or none of the variables that begin with AMALGAM_LOGIN."),
            names=", ".join(missing),
        )
    if any(importlib.util.find_spec(name) is None for name in LIBRARIES):
        raise UnusableData(
            _("Login needs the packages Authlib and joserfc, which are not installed."),
            _("Run: pip install -r requirements-login.txt"),
        )
    for name in (ISSUER, REDIRECT):
        _check_url(name, found[name])
    _check_redirect(found[REDIRECT])
    metadata = found[ISSUER] if found[ISSUER].endswith(METADATA) else found[ISSUER].rstrip("/") + METADATA
    return Login(metadata, found[CLIENT], secret, found[REDIRECT])


def is_admin(subject: str, verified_email: str) -> bool:
    """Whether ``AMALGAM_ADMINS`` names a person who has logged in.

    A name with an @ is an e-mail address and never a subject: some providers let people choose what they are called.
    """
    named = os.environ.get("AMALGAM_ADMINS", "").replace(",", " ").split()
    emails = {name.casefold() for name in named if "@" in name}
    return verified_email.casefold() in emails or subject in {name for name in named if "@" not in name}


def _said(name: str) -> str:
    return os.environ.get(name, "").strip()


def _secret() -> str:
    """The secret itself, or what its file holds."""
    if not (path := _said(SECRET_FILE)):
        return _said(SECRET)
    try:
        return Path(path).expanduser().read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise UnusableData(
            _("The file “{path}”, which {name} names, can't be read: {reason}."),
            _("Let this user read it, or name another one."),
            path=path,
            name=SECRET_FILE,
            reason=reason,
        ) from error


def _check_url(name: str, url: str) -> None:
    """Secrets travel to both addresses: encrypted, or within this machine."""
    parts = urlsplit(url)
    if parts.scheme == "https" or (parts.scheme == "http" and addresses.is_loopback(parts.hostname or "")):
        return
    raise UnusableData(
        _("{name} is “{url}”, which is not an address that begins with https://."),
        _("Without encryption only an address of this machine is taken, such as http://localhost:8501."),
        name=name,
        url=clip(url),
    )


def _check_redirect(url: str) -> None:
    parts = urlsplit(url)
    if parts.path.endswith(CALLBACK) and not parts.query and addresses.host_allowed(parts.netloc):
        return
    raise UnusableData(
        _("{name} is “{url}”, where nobody would arrive: it must end with {ending} and lead to a name of this server."),
        _("The provider must know the same address. Add its name to AMALGAM_HOSTS if it is not this machine's own."),
        name=REDIRECT,
        url=clip(url),
        ending=CALLBACK,
    )
