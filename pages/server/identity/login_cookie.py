"""Streamlit's cookie of a login: the key that signs it, what it says, and how it is taken out of a request."""

from __future__ import annotations

import hashlib
import hmac

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.types import Scope
from streamlit.auth_util import get_cookie_with_chunks
from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value
from streamlit.web.server.starlette.starlette_server_config import TOKENS_COOKIE_NAME, USER_COOKIE_NAME

from core.workspace import Workspace


def cookie_key(workspace: Workspace) -> str:
    """The key that signs logins: it follows from the home's key, so a login outlives a restart."""
    return hmac.new(workspace.secret().encode(), b"login", hashlib.sha256).hexdigest()


def read_login(scope: Scope, key: str) -> bytes | None:
    """What a request's cookie of a login says; None if we did not sign it or it is too old."""
    header = Headers(scope=scope).get("cookie")
    given = cookie_parser(header) if header else {}

    def decoded(name: str) -> bytes | None:
        value = given.get(name)
        return decode_signed_value(key, name, value) if value else None

    return get_cookie_with_chunks(decoded, USER_COOKIE_NAME)


def without_login(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """A request's headers without the cookies of a login."""
    kept = MutableHeaders(raw=list(headers))
    header = kept.get("cookie")
    if header is None:
        return headers
    parts = [part.strip() for part in header.split(";")]
    kept["cookie"] = "; ".join(part for part in parts if not part.startswith((USER_COOKIE_NAME, TOKENS_COOKIE_NAME)))
    return kept.raw
