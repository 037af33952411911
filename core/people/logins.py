"""Logins that have ended: a browser forgets its cookie then, but a copy of it would be believed for a month."""

from __future__ import annotations

import hashlib

from core.workspace import Workspace, now

KEPT_SECONDS = 40 * 86_400  # longer than any cookie of a login is believed


class EndedLogins:
    """The logins that are over, also after a restart. One server a home, so it looks into the file only once."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        with workspace.reading() as database:
            self.known = {row["digest"] for row in database.execute("SELECT digest FROM ended_logins")}

    def __contains__(self, content: bytes) -> bool:
        return digest(content) in self.known

    def add(self, content: bytes) -> None:
        """End a login, by what its cookie says; the text of the cookie has many spellings."""
        self.known.add(digest(content))  # counts even where the disk is full
        with self.workspace.database() as database:
            database.execute("DELETE FROM ended_logins WHERE ended < ?", (now() - KEPT_SECONDS,))
            database.execute("INSERT OR IGNORE INTO ended_logins VALUES (?, ?)", (digest(content), now()))


def digest(content: bytes) -> str:
    """What stands for a login in the list: nobody can log in with it."""
    return hashlib.sha256(content).hexdigest()
