"""Links by which somebody else reads one run: made, listed, taken back, and what one leads to.

The database keeps a link's SHA-256 alone: whoever reads it can open none.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass

from core.messages import UnknownChoice, UnusableData, _
from core.workspace import RunRow, Workspace, now

DAY_SECONDS = 86_400
DAYS = (1, 7, 30, 90)  # how long a link may be good
USUAL_DAYS = 30
MOST_LINKS = 20  # of one run at a time
TOKEN_BYTES = 24
NOT_YOURS = _("This link has expired or was taken back, or it is not yours.")


@dataclass(frozen=True)
class Share:
    """One live link, without what opens it."""

    digest: str
    run: str
    owner: str
    created: float  # seconds since 1970
    expires: float


def make(workspace: Workspace, run: str, owner: str, days: int = USUAL_DAYS) -> str:
    """Let whoever has the link read a run.  →  what opens it: 32 characters that are kept nowhere

    Raises
    ------
    UnknownChoice
        A link is not good for so many days.
    UnusableData
        The run is gone or somebody else's, or has many links already.

    Examples
    --------
    >>> make(workspace, row.id, row.owner, days=7)  # doctest: +SKIP
    'pIq2vMZ6VnTtlpA0m4c8w1kZrS5uYxQe'
    """
    if days not in DAYS:
        known = [str(one) for one in DAYS]
        raise UnknownChoice(_("“{days}” is not how many days a link may be good."), _("Choose one of: {known}."),
                            days=days, known=known)  # fmt: skip
    token = secrets.token_urlsafe(TOKEN_BYTES)
    with workspace.database() as database:
        if not database.execute("SELECT 1 FROM runs WHERE id = ? AND owner = ?", (run, owner)).fetchone():
            raise UnusableData(_("This run is not there any more."), _("Choose another one on the Results page."))
        database.execute("DELETE FROM shares WHERE expires <= ?", (now(),))
        if database.execute("SELECT COUNT(*) FROM shares WHERE run = ?", (run,)).fetchone()[0] >= MOST_LINKS:
            raise UnusableData(
                _("This run has {most} links, the most there can be."), _("Take one back first."), most=MOST_LINKS
            )
        moment = now()
        database.execute(
            "INSERT INTO shares VALUES (?, ?, ?, ?, ?)",
            (digest(token), run, owner, moment, moment + days * DAY_SECONDS),
        )
    return token


def links(workspace: Workspace, run: str, owner: str) -> list[Share]:
    """The live links to a run of this owner's, the newest first.

    Examples
    --------
    >>> [link.expires for link in links(workspace, row.id, row.owner)]  # doctest: +SKIP
    """
    query = "SELECT * FROM shares WHERE run = ? AND owner = ? AND expires > ? ORDER BY created DESC, rowid DESC"
    with workspace.reading() as database:
        return [Share(**row) for row in database.execute(query, (run, owner, now()))]


def revoke(workspace: Workspace, link: str, owner: str) -> bool:
    """Take a link back, named by its digest.  →  whether it was there and this owner's

    Examples
    --------
    >>> revoke(workspace, links(workspace, row.id, row.owner)[0].digest, row.owner)  # doctest: +SKIP
    True
    """
    with workspace.database() as database:
        return bool(database.execute("DELETE FROM shares WHERE digest = ? AND owner = ?", (link, owner)).rowcount)


def opened(workspace: Workspace, token: str) -> RunRow | None:
    """The run a link leads to; None if it never did, or does no more: which of the two is not told.

    Examples
    --------
    >>> opened(workspace, "guessed") is None  # doctest: +SKIP
    True
    """
    query = (
        "SELECT runs.* FROM shares JOIN runs ON runs.id = shares.run AND runs.owner = shares.owner"
        " WHERE shares.digest = ? AND shares.expires > ?"
    )
    with workspace.reading() as database:
        row = database.execute(query, (digest(token), now())).fetchone()
    return RunRow(**row) if row else None


def digest(token: str) -> str:
    """What is kept of a link.

    Examples
    --------
    >>> len(digest("anything"))
    64
    """
    return hashlib.sha256(token.encode("utf-8", errors="replace")).hexdigest()
