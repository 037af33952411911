"""When each person was here first and last, and by what name."""

from __future__ import annotations

import sqlite3
from collections import OrderedDict

from core.workspace import Workspace, now

EVERY_SECONDS = 60.0
REMEMBERED = 10_000
_noted: OrderedDict[tuple[Workspace, str], float] = OrderedDict()  # when it was last written down


def note(workspace: Workspace, owner: str, name: str = "") -> None:
    """Write down that a person is here, at most once a minute.

    Where that is not possible now, as on a full disk, the page they asked for comes all the same.

    Parameters
    ----------
    name : str
        What the login calls them; nothing where nobody logs in.
    """
    key, moment = (workspace, owner), now()
    if moment - _noted.get(key, 0.0) < EVERY_SECONDS:
        return
    _noted[key] = moment
    _noted.move_to_end(key)
    while len(_noted) > REMEMBERED:
        _noted.popitem(last=False)
    try:
        with workspace.database() as database:
            database.execute(
                "INSERT INTO people VALUES (?, ?, ?, ?)"
                " ON CONFLICT (owner) DO UPDATE SET name = excluded.name, last_seen = excluded.last_seen",
                (owner, name, moment, moment),
            )
    except sqlite3.OperationalError:
        _noted.pop(key, None)
