"""Who has logged in, by what the provider says of them, and who of the people here may run the server."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from core.allowed import addresses, login

NAME_LENGTH = 120
FORWARDED = ("x-forwarded-for", "x-real-ip", "forwarded")  # what a reverse proxy adds


@dataclass(frozen=True)
class Person:
    """Somebody who has logged in. Two providers' subjects of the same name are two people."""

    issuer: str
    subject: str
    email: str  # only if the provider has verified it
    name: str  # what they are called on screen: untrusted text

    @property
    def owner(self) -> str:
        """Whose their tables, runs and jobs are."""
        return login_owner(self.issuer, self.subject)


def of_claims(claims: Mapping[str, Any]) -> Person | None:
    """The person an identity token speaks of; None if it names nobody.

    Examples
    --------
    >>> of_claims({"iss": "https://id.example", "sub": "7", "email": "ann@lab.example"}).email
    ''
    """
    issuer, subject = claims.get("iss"), claims.get("sub")
    if not isinstance(issuer, str) or not isinstance(subject, str) or not issuer or not subject:
        return None
    told = {key: value for key in ("name", "email") if isinstance(value := claims.get(key), str) and value.strip()}
    verified = claims.get("email_verified") is True
    name = told.get("name") or told.get("email") or subject
    return Person(issuer, subject, told.get("email", "") if verified else "", name.strip()[:NAME_LENGTH])


def login_owner(issuer: str, subject: str) -> str:
    """The owner a login stands for."""
    return "login-" + hashlib.sha256(f"{issuer}\n{subject}".encode()).hexdigest()[:24]


def session_person() -> Person | None:
    """Who has logged in to the running session; `Logins` has taken away what counts no more."""
    user: Any = st.user
    return of_claims(user.to_dict()) if login.required() and user.get("is_logged_in") else None


def session_is_admin() -> bool:
    """Whether the running session may see and end everybody's work.

    Where nobody logs in that is whoever sits at this machine, if it is reached from nowhere else.
    """
    if login.required():
        person = session_person()
        return person is not None and login.is_admin(person.subject, person.email)
    headers = st.context.headers
    return addresses.for_one_machine() and not any(name in headers for name in FORWARDED)
