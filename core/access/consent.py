"""Consent: which hosts may read the texts of which data set. A person gives it once, and can take it back.

It stands in the data set's folder, so it goes with the data set. Whose texts a language model is asked about, and on
whose behalf, is a `Sender`.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from core.files import write_whole
from core.messages import UnusableData, _
from core.workspace import Workspace, checked_id, now

FILE = "consent.json"
NO_TABLE = ""  # in the place of a data set: a person's own words, which asking itself lets go
A_FILE = "file"  # a table of the command line: only a host that was named there may read it


@dataclass(frozen=True)
class Sender:
    """Whose texts a model reads, and on whose behalf they are sent. It can be handed to another process.

    Parameters
    ----------
    home : Path
        Of the workspace.
    dataset : str
        Id of the data set that the texts come from, `NO_TABLE` or `A_FILE`.
    send_to : str
        Host that a person named for this run alone (``--send-to``).
    beside : tuple of str
        Ids of other data sets whose texts are sent along.

    Examples
    --------
    >>> Sender(Path("home"), "ann", A_FILE, send_to="llm.example").may_send("llm.example")
    True
    >>> Sender(Path("home"), "ann", A_FILE).may_send("llm.example")
    False
    """

    home: Path
    owner: str
    dataset: str = A_FILE
    send_to: str = ""
    beside: tuple[str, ...] = ()

    def may_send(self, host: str) -> bool:
        """Whether a host may be sent these texts, as things stand now."""
        if self.send_to and self.send_to.casefold() == host.casefold():
            return True
        tables = [one for one in (self.dataset, *self.beside) if one != NO_TABLE]
        return A_FILE not in tables and all(given(_opened(self.home), one, host, self.owner) for one in tables)


_SENDER: ContextVar[Sender | None] = ContextVar("sender", default=None)


@contextmanager
def on_behalf_of(sender: Sender) -> Iterator[None]:
    """Within this block, what is asked deep inside an estimator is asked for this sender.

    Examples
    --------
    >>> with on_behalf_of(Sender(Path("home"), "ann")):
    ...     current_sender().owner
    'ann'
    """
    token = _SENDER.set(sender)
    try:
        yield
    finally:
        _SENDER.reset(token)


def current_sender() -> Sender | None:
    """On whose behalf texts are sent now; None where nobody said so."""
    return _SENDER.get()


def give(workspace: Workspace, dataset_id: str, host: str, owner: str) -> None:
    """Let a host read the texts of a data set.

    Raises
    ------
    UnusableData
        The data set is gone, or somebody else's: which of the two is not told.

    Examples
    --------
    >>> give(workspace, row.id, "llm.example", row.owner)  # doctest: +SKIP
    """
    with _changed(workspace, dataset_id, owner) as hosts:
        hosts[host.casefold()] = {"owner": owner, "since": now()}


def take_back(workspace: Workspace, dataset_id: str, host: str, owner: str) -> bool:
    """Let a host read them no more; what was sent already can't be called back.  →  whether it could

    Raises
    ------
    UnusableData
        As for `give`.

    Examples
    --------
    >>> take_back(workspace, row.id, "llm.example", row.owner)  # doctest: +SKIP
    True
    """
    with _changed(workspace, dataset_id, owner) as hosts:
        return hosts.pop(host.casefold(), None) is not None


def given(workspace: Workspace, dataset_id: str, host: str, owner: str) -> bool:
    """Whether this owner lets a host read the texts of this data set; what can't be read says no.

    Examples
    --------
    >>> given(workspace, row.id, "llm.example", row.owner)  # doctest: +SKIP
    False
    """
    if workspace.dataset(checked_id(dataset_id), owner) is None:
        return False
    return _hosts(workspace.dataset_folder(dataset_id) / FILE).get(host.casefold(), {}).get("owner") == owner


@lru_cache(maxsize=2)
def _opened(home: Path) -> Workspace:
    return Workspace(home)


@contextmanager
def _changed(workspace: Workspace, dataset_id: str, owner: str) -> Iterator[dict[str, dict[str, object]]]:
    """What stands in the file, to be changed; two who change it at once wait for one another."""
    folder = workspace.dataset_folder(checked_id(dataset_id))
    if workspace.dataset(dataset_id, owner) is None or not folder.is_dir():
        raise UnusableData(_("This data set is not there any more."), _("Choose another one on the Data page."))
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        hosts = _hosts(folder / FILE)
        yield hosts
        write_whole(folder / FILE, json.dumps(hosts))
    finally:
        os.close(handle)


def _hosts(path: Path) -> dict[str, dict[str, object]]:
    """Host → who gave consent, and when."""
    try:
        told = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return {host: one for host, one in told.items() if isinstance(one, dict)} if isinstance(told, dict) else {}
